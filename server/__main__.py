"""The command `origingate`."""

import sys


def main() -> None:
    """Runs the command line. Exit code 0: well; 1: problems were found; 2: wrong use."""
    from server.cli import app

    sys.exit(app())


if __name__ == "__main__":
    main()
