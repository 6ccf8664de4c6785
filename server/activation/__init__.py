"""Rulebooks live: files that change are tried by one process, an activation switches all, each says what it serves."""
