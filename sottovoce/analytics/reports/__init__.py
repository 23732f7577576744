"""Documents people read: plans before the trade, accounts after it; as JSON, text and self-contained HTML."""
