"""A file of faults: what it sets, and how its problems are shown."""

import pytest

from server.sandbox.faults import FaultFileInvalid, FaultKind, load_faults
from server.sandbox.run import run_sandbox

GOOD = """\
# What a weak platform does.
faults:
  - {fault: latency, operation: any, times: null, seed: 7, seconds: {lognormal: {median: 0.12, sigma: 0.6, most: 3}}}
  - {fault: drop_reply, rate: 0.02, seed: 1}
  - fault: reject
    codes:
      - {code: HS_UNKNOWN, line_id: '2', text: No such heading.}
  - {fault: too_many, seconds: 3, times: 5}
"""


@pytest.fixture
def file(tmp_path):
    """A file whose text a test gives, and the problems that are shown of it, without the folder."""

    def _problems(text: str) -> str:
        path = tmp_path / "faults.yaml"
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        with pytest.raises(FaultFileInvalid) as refused:
            load_faults(path)
        return str(refused.value).replace(f"{tmp_path}/", "")

    return _problems


def test_good(tmp_path):
    """A file holds what POST /faults takes, a list of it."""
    path = tmp_path / "faults.yaml"
    path.write_text(GOOD)
    latency, drop, reject, too_many = load_faults(path)
    assert (FaultKind.LATENCY, None, 0.6) == (latency.fault, latency.times, latency.seconds.lognormal.sigma)
    assert (0.02, None, 1) == (drop.rate, drop.times, drop.seed)
    assert ("HS_UNKNOWN", "2") == (reject.codes[0].code, reject.codes[0].line_id)
    assert (3.0, 5) == (too_many.seconds, too_many.times)


def test_no_faults(tmp_path):
    """A file may set none."""
    path = tmp_path / "faults.yaml"
    path.write_text("faults: []\n")
    assert () == load_faults(path)


def test_every_problem_at_once(file):
    """All problems are shown, each with its place, the line with a caret, and how to mend it."""
    expected = """\
faults.yaml:2:13: `fault` cannot be `dropreply` [unknown-word]
    2 |   - {fault: dropreply, rate: 2}
                    ^^^^^^^^^
   mend: write `drop_reply`
faults.yaml:2:30: `rate` should be less than or equal to 1 [bad-value]
    2 |   - {fault: dropreply, rate: 2}
                                     ^
   mend: write a share above 0 and at most 1, as 0.02
faults.yaml:3:19: there is no `tims` here [unknown-key]
    3 |   - {fault: down, tims: 3}
                          ^^^^
   mend: write `times`"""
    assert expected == file("faults:\n  - {fault: dropreply, rate: 2}\n  - {fault: down, tims: 3}\n")


@pytest.mark.parametrize(
    ("line", "place", "what", "mend"),
    [
        ("- {rate: 0.1}", "2:6", "`fault` is missing [missing-key]", "add `fault: ...`"),
        ("- latency", "2:5", "a mapping is expected here [wrong-kind]",
         "write one fault a line, as `- {fault: drop_reply, rate: 0.02}`"),
        ("- {fault: lag}", "2:6", "`lag` needs `seconds` [contradiction]", "add `seconds: 0.5`"),
        ("- {fault: lag, operation: void, seconds: 1}", "2:6", "`lag` cannot befall `void` [contradiction]",
         "write `operation: submit`, or `replace`"),
        ("- {fault: down, operation: submits}", "2:30", "`operation` cannot be `submits` [unknown-word]",
         "write `submit`"),
        ("- {fault: down, times: 0}", "2:26", "`times` should be greater than or equal to 1 [bad-value]",
         "write how often it happens, as 3, or `null` until it is cleared"),
        ("- {fault: down, seed: x}", "2:25", "`seed` should be a whole number [bad-value]",
         "write a whole number, as 7"),
        ("- {fault: latency, seconds: soon}", "2:31", "`seconds` should be a number [bad-value]",
         "write a number, as 0.5, or a distribution, as `{uniform: [0.05, 0.4]}`"),
        ("- {fault: latency, seconds: {uniform: [1]}}", "2:41", "`uniform` should have more items [bad-value]",
         "write two numbers, as `[0.05, 0.4]`"),
        ("- {fault: latency, seconds: {uniform: [2, 1]}}", "2:32",
         "`uniform` goes from the smaller number to the larger one [contradiction]", "swap them"),
        ("- {fault: latency, seconds: {lognormal: {median: 1}}}", "2:44", "`sigma` is missing [missing-key]",
         "add `sigma: ...`"),
        ("- {fault: latency, seconds: {percentiles: {101: 1}}}", "2:46",
         "`101` should be less than or equal to 100 [bad-value]",
         "write seconds by percentile, as `{50: 0.1, 95: 0.4, 99: 2}`"),
        ("- {fault: reject, codes: [{cod: A, code: B}]}", "2:30", "there is no `cod` here [unknown-key]",
         "write `code`"),
        ("- {fault: down, fault: down}", "2:19", "`fault` is given twice; first on line 2 [duplicate-key]",
         "keep one of the two"),
    ],
)  # fmt: skip
def test_problem(file, line, place, what, mend):
    """Each kind of problem has its place, its code and its mend."""
    shown = file(f"faults:\n  {line}\n").splitlines()
    assert (f"faults.yaml:{place}: {what}", f"   mend: {mend}") == (shown[0], shown[3])


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("", "faults.yaml:1:1: the file says nothing [empty-file]"),
        ("- {fault: down}\n", "faults.yaml:1:1: a mapping is expected here [wrong-kind]"),
        ("faults: {fault: down}\n", "faults.yaml:1:10: `faults` should be a list [bad-value]"),
        ("fault: []\n", "faults.yaml:1:1: `faults` is missing [missing-key]"),
        ("faults: [\n", "faults.yaml:1:10: "),
        ("\udcff", "faults.yaml: cannot be read (it is not UTF-8). Give an existing file."),
    ],
)
def test_no_list_of_faults(file, text, first):
    """What holds no faults at all says so."""
    assert file(text).startswith(first)


def test_wrong_file_on_the_command_line(tmp_path, capsys):
    """A file with problems, or none at all, is wrong use: the sandbox does not start."""
    path = tmp_path / "faults.yaml"
    path.write_text("faults: [{fault: dwn}]\n")
    codes = []
    for wrong in (path, tmp_path / "nowhere.yaml"):
        with pytest.raises(SystemExit) as ended:
            run_sandbox("127.0.0.1:0", faults=wrong)
        codes.append(ended.value.code)
    said = capsys.readouterr().err
    assert ([2, 2], True, True) == (codes, "mend: write `down`" in said, "No such file" in said)
