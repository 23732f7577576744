"""A real day's consolidated tape as a market: read, measured, and replayed against our orders."""
