"""Real processes under kill -9: a venue, a desk, a client that remembers every answer, and a comparison."""
