"""Tests of exports that need no server."""
