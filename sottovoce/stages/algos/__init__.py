"""Algorithms: what a plan wants now, less what is filled and working, released as children."""
