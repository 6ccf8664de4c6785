"""Does the log hold? Read from a database as it is, without a server, and without any of the server's own reading."""
