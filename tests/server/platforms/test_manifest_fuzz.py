"""However a manifest or an accounts file is mangled, it is read, or it has problems; nothing else comes out."""

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.rulebook.problems import show
from server.platforms.accounts import Accounts, AccountsFileInvalid, load_accounts
from server.platforms.manifest_file import read_manifest
from server.shipped import shipped_platforms
from tests.examples import examples
from tests.server.platforms import harbour

TEXTS = [path.read_text("utf-8") for path in (*sorted(shipped_platforms().glob("*.yaml")), harbour.FILE)]
ACCOUNTS = """accounts:
  - tenant: dev
    platform: a
    trust: nothing.pem
    secrets:
      api_key: {env: A_KEY}
      password: {file: nothing}
      certificate: {file: nothing.pem}
"""
PIECES = [
    "", "null", "~", "[]", "{}", "''", "[a, [b]]", "{a: {b: c}}", "true", "-1", "1e999", "9" * 400, "0x10", "&a x", "*a",
    "!!int 3", "{from: x}", "{from: }", "{from: '['}", "{literal: {from: 1}}", "{reference}", "é", "\u200b", "@", "`x", "'",
    "\n", ": ", "- ", "#", "|", "  ", "200-100", "99999999 d", "https://[", "https://a:0", "http://x", "//", "..",
]  # fmt: skip


@st.composite
def mangled(draw: st.DrawFn, texts: list[str]) -> str:
    """A text in which a few stretches are replaced, lines are lost, doubled or indented otherwise."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 4))):
        lines = text.split("\n")
        number = draw(st.integers(0, len(lines) - 1))
        line = lines[number]
        match draw(st.sampled_from(["cut", "value", "insert", "lose", "double", "indent", "swap"])):
            case "cut":
                line = line[: draw(st.integers(0, len(line)))]
            case "value":
                line = line.partition(":")[0] + ": " + draw(st.sampled_from(PIECES))
            case "insert":
                at = draw(st.integers(0, len(line)))
                line = line[:at] + draw(st.sampled_from(PIECES)) + line[at:]
            case "lose":
                line = ""
            case "double":
                line = f"{line}\n{line}"
            case "indent":
                line = "  " + line
            case "swap":
                line = line.replace(draw(st.sampled_from("{}[]:,'- e")), draw(st.sampled_from("{}[]:,'- x")))
        lines[number] = line
        text = "\n".join(lines)
    return text


@settings(max_examples=examples(120), deadline=None)
@given(mangled(TEXTS))
def test_manifest(text):
    """A manifest is read or has problems, each of which can be shown."""
    reading = read_manifest("mangled.yaml", text)
    assert (reading.manifest is None) == bool(reading.problems)
    for problem in reading.problems:
        shown = show(problem, reading.text)
        assert shown.startswith(f"mangled.yaml:{problem.line}:{problem.column}: ")
        assert "see docs" not in shown or problem.code in ("bad-length", "wrong-kind")


@settings(max_examples=examples(60), deadline=None)
@given(text=mangled([ACCOUNTS]))
def test_accounts(tmp_path_factory, text):
    """An accounts file is read or has problems."""
    path = tmp_path_factory.getbasetemp() / "mangled.yaml"
    path.write_text(text, "utf-8")
    try:
        found: object = load_accounts(path, {"A_KEY": "k"})
    except AccountsFileInvalid as error:
        found = str(error)
    assert isinstance(found, Accounts) or "mangled.yaml" in str(found)
