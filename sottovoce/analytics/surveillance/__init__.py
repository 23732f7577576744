"""Conduct, watched on our own flow: patterns that regulators name, found in the record by the figures of each."""
