"""A recorded order-by-order feed as a market, our orders queued among the real ones."""
