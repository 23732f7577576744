"""Rules that stop or bound trading: price bands and pauses, market-wide breakers, the short-sale test."""
