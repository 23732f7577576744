"""Routing: eligible, score, allocate, and say why."""
