"""Limits and lists: who may change them, with whom, and since when they stand."""
