"""Market by order: a feed's events about single orders, and the book they make."""
