"""A mapping says where the rows or documents of an enterprise's own system have what the rules ask for."""
