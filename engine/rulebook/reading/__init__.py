"""What the files of a rulebook say: each kind of file, read against the names that it may use."""
