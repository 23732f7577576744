"""Executions: what venues say, turned into fills and order states, once each, and conserved."""
