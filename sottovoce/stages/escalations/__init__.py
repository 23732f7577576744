"""Questions to people that must not wait: which rule fired, whom it asks, until when, and what happens by default."""
