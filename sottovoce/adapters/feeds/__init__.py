"""Readers of market data files (LOBSTER, ITCH 5.0, DBN, captures): streaming, and never silent about a bad row."""
