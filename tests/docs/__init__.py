"""The documentation is held to the code: what it shows is run, what exists is described."""
