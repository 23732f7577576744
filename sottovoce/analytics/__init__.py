"""The account after the trade: costs and reports from journal and tape, never on the order path."""
