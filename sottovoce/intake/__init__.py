"""Doors for instructions: ticket sentences, order files and baskets become commands."""
