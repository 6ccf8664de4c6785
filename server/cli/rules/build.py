"""`origingate rules build`: one signed file of a rulebook."""

import json as json_text
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import AsJson, fail
from server.cli.rules.opening import SHIPPED, Folder, Opened, opened
from server.cli.screen import errors, watched
from server.today import today

if TYPE_CHECKING:
    from engine.signed_rulebook import RuleTestsRun


def build(
    key: Annotated[
        Path,
        typer.Option(metavar="PRIVATE.pem", help="The private key to sign with; `rules key` makes one."),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The file to write, e.g. usmca.rulebook")],
    folder: Folder = SHIPPED,
    no_tests: Annotated[
        bool, typer.Option("--no-tests", help="Do not run the rule tests; the file says so.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Make one signed file of a rulebook, which `rules verify` examines and `serve --rulebook FILE --key` serves.

    A rulebook with problems is not signed, nor one whose rule tests fail.
    """
    from engine.signed_rulebook import DoesNotHold, content_of
    from server.key_files import KeyUnusable
    from server.rulebooks import RulebookUnreadable
    from server.signed_rulebooks import write_signed
    from server.signing_keys import key_id, private_key

    try:
        signer = private_key(key)
    except KeyUnusable as error:
        raise fail(str(error), code=2) from error
    if key.stat().st_mode & 0o077:
        errors().print(f"warning: others can read {key}; run `chmod 600 {key}`", markup=False, soft_wrap=True)
    book = opened(folder)
    tested = None if no_tests else _tested(book)
    content = content_of(book.rulebook, datetime.now(UTC), tested)
    try:
        write_signed(out, content, signer)
    except DoesNotHold as error:
        raise fail(f"{folder}: {error}") from error
    except RulebookUnreadable as error:
        raise fail(str(error), code=2) from error
    if json:
        said = {
            "file": str(out),
            "rulebook": content.rulebook,
            "digest": content.digest,
            "key": key_id(signer),
            "signed_at": content.signed_at.isoformat(),
            "tests": {"passed": tested.passed, "skipped": tested.skipped} if tested else None,
        }
        typer.echo(json_text.dumps(said, indent=2))
    else:
        how = f"{tested.passed} tests passed" if tested else "its tests were not run"
        typer.echo(f"{out}: {content.rulebook}, {how}, signed by {key_id(signer)}. {content.digest}")


def _tested(book: Opened) -> "RuleTestsRun":
    """How many rule tests passed. Ends the command where one fails, cannot be read, or there is none."""
    from engine.signed_rulebook import RuleTestsRun
    from engine.workbench.ruletests.running import run_test

    read = book.test_files()
    problems = book.shown(problem for file in read for problem in file.problems)
    tests = [test for file in read for test in file.tests]
    day = today()
    ran = [run_test(test, book.rulebook, day) for test in watched(tests, "testing", len(tests))]
    failed = [result for result in ran if result.differences and not result.skipped]
    if problems or failed:
        count = len(problems) + len(failed)
        shown = "\n".join([*problems, *(result.show() for result in failed)])
        raise fail(
            f"{shown}\nNot signed: {count} rule test{'s' if count > 1 else ''} failed or could not be read."
            " Mend them, or sign it untested with --no-tests."
        )
    skipped = sum(result.skipped for result in ran)
    if len(ran) == skipped:
        raise fail(
            f"{book.folder}: has no rule test that runs. Write some, or sign it untested with --no-tests."
        )
    return RuleTestsRun(len(ran) - skipped, skipped)
