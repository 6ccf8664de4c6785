"""The canonical layout of rule files: comments kept in their place, meaning never changed."""
