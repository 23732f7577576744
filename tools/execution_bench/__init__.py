"""Strategies against each other on the same sessions, played by the real desk, with paired intervals."""
