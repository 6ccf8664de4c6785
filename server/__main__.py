"""The command `origingate`."""

import gc
import os
import sys

# gRPC's own lines hold bytes of whoever connects, in a form that is not our log's. It reads this as it is imported.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")


def main() -> None:
    """Runs the command line. Exit code 0: well; 1: problems were found; 2: wrong use."""
    # Next to nothing that imports make is garbage, and to look for some takes a tenth of a start.
    gc.disable()
    from server.cli import command_line

    app = command_line(*sys.argv[1:2])
    gc.enable()
    sys.exit(app())


if __name__ == "__main__":
    main()
