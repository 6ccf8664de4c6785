"""Files as text with places: YAML and CSV without meaning yet."""
