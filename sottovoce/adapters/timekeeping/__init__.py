"""How far the machine's clock is from UTC, and whether it has jumped."""
