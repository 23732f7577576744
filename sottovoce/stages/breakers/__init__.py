"""Breakers: when a downstream is not to be called, what waits for it, and how it is let go again."""
