"""What rule files look like: every mapping with its keys, for what lays files out and for editors."""
