"""Conditions in plain English."""
