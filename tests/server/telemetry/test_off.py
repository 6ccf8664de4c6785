"""A server that nobody looks at."""

import subprocess
import sys


def test_nothing_loaded() -> None:
    """Where neither metrics nor traces are asked for, what makes them is not even loaded."""
    asked = (
        "import sys, server.app\n"
        "from server.settings import Settings\n"
        "from server.telemetry.hooks import Hooks\n"
        "from server.telemetry.telemetry import Telemetry\n"
        "assert Telemetry.of(Settings()).hooks == Hooks()\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}"
        " & {'prometheus_client', 'opentelemetry', 'requests'}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, timeout=60, check=False
    )
    assert ("[]\n", "") == (done.stdout, done.stderr)
