"""Approval: what waits for a person before it is worked, and how that person lets it go."""
