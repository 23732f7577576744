"""Any market, with venues that misbehave at given times."""
