"""Trading calendars: the sessions of a market as dated data."""
