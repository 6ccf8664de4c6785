"""A reader who follows a page: a folder as a checkout has it, commands typed as shown, servers left running.

Fixed ports of the pages become free ones, so that tests can run beside each other.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.docs.pages import PROJECT, Block

COPIED = ("rules", "examples", "platforms", "protos")
FILES = ("Makefile",)
LINKED = ("clients",)
PATIENCE = 30.0
COMPILING = 400.0
SERVER, SANDBOX = "127.0.0.1:50051", "127.0.0.1:8471"

_STAYS = re.compile(r"origingate (serve|sandbox)\b")
_SPEAKS = re.compile(
    r"origingate (order send|case [a-z-]+|screenings erase|receipt get"
    r"|site (register|get|list|update|connect|suspend|resume|assess|statement))\b"
)


class Reader:
    """Follows one page from its first block to its last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in FILES:
            shutil.copy2(PROJECT / name, folder / name)
        (folder / ".venv").symlink_to(sys.prefix)
        for name in LINKED:
            (folder / name).symlink_to(PROJECT / name)
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.addresses: dict[str, str] = {}
        self.printed = ""

    def follow(self, block: Block) -> None:
        """Does what the block shows, and holds its outcome against what is shown."""
        if block.marked("not run") is not None or lacks(block.marked("needs")):
            return
        if (file := block.marked("file")) is not None:
            (self.folder / file).write_text(self.here(block.text), "utf-8")
        elif block.marked("output") is not None:
            assert_shown(block.text, self.printed, block)
        elif block.language == "python":
            self.printed = self.ended([sys.executable, "-c", self.here(block.text)], 0, block)
        elif block.language == "console":
            last = int(block.marked("exit") or 0)
            commands = list(block.commands())
            for number, (command, shown) in enumerate(commands, start=1):
                code = last if number == len(commands) else 0
                self.type(command, code, shown, block)

    def type(self, command: str, code: int, shown: str, block: Block) -> None:
        """Types one command; one that serves is left running until the next of its kind."""
        stays = _STAYS.search(command)
        if stays and code == 0:
            self.start(stays.group(1), command, shown, block)
            return
        if _SPEAKS.search(command) and "--to" not in command:
            command = _SPEAKS.sub(rf"\g<0> --to {SERVER}", command)
        command = re.sub(r"^make ", "make -o .venv/.ready ", command)
        printed = self.ended(["bash", "-c", self.here(command)], code, block)
        assert_shown(self.here(shown), printed, block)

    def start(self, kind: str, command: str, shown: str, block: Block) -> None:
        """Starts a server or a sandbox, and waits until it serves."""
        self.stop(kind)
        log, ready = self.folder / f"{kind}.log", self.folder / "ready.json"
        ready.unlink(missing_ok=True)
        command = self.here(command, {SERVER: "127.0.0.1:0"} if kind == "serve" else {SANDBOX: "127.0.0.1:0"})
        if kind == "sandbox" and "--listen" not in command:
            command += " --listen 127.0.0.1:0"
        with log.open("wb") as output:
            self.running[kind] = subprocess.Popen(
                ["bash", "-c", f"exec {command}"], cwd=self.folder, stdout=output, stderr=output,
                env=self.environment(ORIGINGATE_LISTEN="127.0.0.1:0", ORIGINGATE_READY_FILE=str(ready)),
            )  # fmt: skip
        if kind == "serve":
            self.await_(ready.exists, kind, block)
            self.addresses[SERVER] = json.loads(ready.read_text("utf-8"))["grpc"]
        else:
            self.await_(lambda: "Sandbox platform at" in log.read_text("utf-8"), kind, block)
            self.addresses[SANDBOX] = re.findall(r"http://([0-9.:]+)\. ", log.read_text("utf-8"))[0]
        self.await_(lambda: matches(self.here(shown), log.read_text("utf-8")), kind, block)

    def await_(self, true: Callable[[], bool], kind: str, block: Block) -> None:
        """Waits until the condition holds; fails with what was logged where it does not."""
        end = time.monotonic() + PATIENCE
        while not true():
            if self.running[kind].poll() is not None or time.monotonic() > end:
                log = (self.folder / f"{kind}.log").read_text("utf-8")
                raise AssertionError(f"{block.page}:{block.line}: `{kind}` is not what is shown:\n{log}")
            time.sleep(0.02)

    def stop(self, kind: str) -> None:
        """Stops a server as Ctrl-C would."""
        process = self.running.pop(kind, None)
        if process is not None:
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE) == 0, f"{kind} did not stop in order"

    def leave(self) -> None:
        """Stops everything."""
        for kind in tuple(self.running):
            self.stop(kind)

    def here(self, text: str, further: dict[str, str] | None = None) -> str:
        """The text with the addresses that the page's servers have here."""
        for shown, real in {**self.addresses, **(further or {})}.items():
            text = text.replace(shown, real)
        return text

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a terminal of 110 columns, without settings of its own; what Go installs is found there."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("ORIGINGATE_")}
        installed = str(self.folder / "bin")
        found = {"PATH": f"{installed}{os.pathsep}{os.environ['PATH']}", "GOBIN": installed}
        return {**own, **found, "COLUMNS": "110", "TERM": "dumb", "PYTHONWARNINGS": "ignore", **more}

    def ended(self, words: list[str], code: int, block: Block) -> str:
        """What a command prints. Fails where it ends with another code than is shown."""
        done = subprocess.run(
            words, cwd=self.folder, env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=COMPILING, check=False,
        )  # fmt: skip
        said = f"{block.page}:{block.line}: {words[-1]}\nends with {done.returncode}:\n{done.stdout}"
        assert code == done.returncode, said
        return done.stdout


def lacks(tool: str | None) -> bool:
    """Whether a tool that a block needs is not installed. CI=true demands all of them."""
    missing = tool is not None and shutil.which(tool) is None
    assert not (missing and os.environ.get("CI") == "true"), f"{tool} is not installed"
    return missing


def matches(shown: str, real: str) -> bool:
    """Whether the output is as shown; `...` stands for anything, a line of its own for any lines."""
    lines = re.sub(r"(^|\n)\.\.\.(\n|$)", "...", shown.strip())
    parts = [re.escape(_bare(part)) for part in lines.split("...")]
    return re.search(".*?".join(parts), _bare(real), re.DOTALL) is not None


def assert_shown(shown: str, real: str, block: Block) -> None:
    """Fails with both where the output is not as shown."""
    assert matches(shown, real), f"{block.page}:{block.line} shows\n{shown}\nbut it is\n{real}"


def _bare(text: str) -> str:
    return re.sub(r"[ \t]+(?=\n|$)", "", text)
