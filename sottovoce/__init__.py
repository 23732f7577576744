"""Sottovoce: an execution management system for the orders that are too big to send.

Nothing is imported here, so that `sottovoce --help` pays only for what it prints.
"""

__version__ = "0.1.0"
