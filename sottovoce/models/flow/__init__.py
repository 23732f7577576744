"""Order flow by itself: point processes that excite themselves, and a market of orders without intelligence."""
