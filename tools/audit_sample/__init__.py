"""One order with everything that can happen to one, on the real engine: for the docs' picture and the tests."""
