"""Everything of Origin Gate that touches the world."""
