"""New rules, questions and rulebooks that load, with tests that pass, for their author to fill in."""
