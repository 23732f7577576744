"""Wires the stages into one running system: loop, brokered runner, replay, metrics and configuration."""
