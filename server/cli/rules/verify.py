"""`origingate rules verify`: whether a signed rulebook is what it says, and who signed it."""

import json as json_text
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import AsJson, fail

if TYPE_CHECKING:
    from server.signed_rulebooks import SignedRulebook


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `rules build` wrote.")],
    key: Annotated[
        Path,
        typer.Option(
            metavar="PUBLIC.pem",
            help="The public key of who signs, or a JWK Set of those that may; from them, not from where FILE came from.",
        ),
    ],
    to: Annotated[
        Path | None,
        typer.Option(
            "--unpack", metavar="DIR", help="Write its files into a new or empty folder, for reading."
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Examine a signed rulebook: its signature, and that its texts come to the digest that it names.

    Exit code 1 with the reason where anything does not hold.
    """
    from engine.signed_rulebook import DoesNotHold
    from server.key_files import KeyUnusable
    from server.rulebooks import RulebookUnreadable
    from server.signed_rulebooks import read_signed, unpack
    from server.signing_keys import public_keys

    try:
        signed = read_signed(file, public_keys(key))
        if to is not None:
            unpack(signed.content, to)
    except (KeyUnusable, RulebookUnreadable) as error:
        raise fail(str(error), code=2) from error
    except DoesNotHold as error:
        if json:
            said = {"file": str(file), "holds": False, "reason": error.flaw, "because": str(error)}
            typer.echo(json_text.dumps(said, ensure_ascii=False, indent=2))
            raise typer.Exit(1) from error
        raise fail(f"{file}: {error}") from error
    if json:
        typer.echo(json_text.dumps(_as_data(file, signed), ensure_ascii=False, indent=2))
    else:
        _print(signed)


def _as_data(file: Path, signed: "SignedRulebook") -> dict[str, object]:
    from engine.rulebook.reference import reference_data

    content, tests = signed.content, signed.content.tests
    return {
        "file": str(file),
        "holds": True,
        "rulebook": content.rulebook,
        "title": signed.rulebook.title,
        "digest": content.digest,
        "key": signed.key_id,
        "signed_at": content.signed_at.isoformat(),
        "tests": {"passed": tests.passed, "skipped": tests.skipped} if tests else None,
        "language": content.language,
        "reference": content.reference,
        "reference_here": reference_data(),
        "files": list(content.files),
    }


def _print(signed: "SignedRulebook") -> None:
    from engine.rulebook.reference import reference_data
    from server.cli.screen import errors

    content, tests = signed.content, signed.content.tests
    how = f"{tests.passed} passed, {tests.skipped} skipped" if tests else "not run"
    for name, value in (
        ("rulebook", f"{content.rulebook}: {signed.rulebook.title}"),
        ("digest", content.digest),
        ("signed", f"{content.signed_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("by key", signed.key_id),
        ("tests", how),
        ("language", content.language),
        ("files", f"{len(content.files)}"),
    ):
        typer.echo(f"{name:<9} {value}")
    if content.reference != reference_data():
        errors().print(
            f"note: it was tried with other lists of countries and currencies ({content.reference}) than are"
            f" used here ({reference_data()}).",
            markup=False,
            soft_wrap=True,
        )
