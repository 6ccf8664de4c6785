"""A rulebook as pages that people read, made from the rule files alone."""
