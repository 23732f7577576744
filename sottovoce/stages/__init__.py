"""The order path: each stage decides events from a message and a view, then applies them to its own state."""
