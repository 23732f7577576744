"""A whole day of made-up tape with something always going on, for tests that need a market and not a story."""

from __future__ import annotations

import random

from sottovoce.adapters.tape.replayed import ReplayedMarket
from tests.adapters.tape.synthetic import QuoteRow, TradeRow, market

CLOSE_S = 23_400
START_CENTS = 5_000


def busy_market(seed: int = 7) -> ReplayedMarket:
    """Quotes every two seconds that wander by cents, prints between them, an auction of 40,000 half a minute late."""
    dice = random.Random(seed)
    quotes: list[QuoteRow] = []
    trades: list[TradeRow] = []
    bid = START_CENTS
    for second in range(-120, CLOSE_S, 2):
        bid += dice.choice((-1, 0, 0, 1))
        ask = bid + dice.choice((1, 2))
        quotes.append((second, bid / 100, dice.randrange(100, 900, 100), ask / 100, dice.randrange(100, 900, 100)))
        lit = (second + 1.0, dice.choice((bid, ask)) / 100, dice.randrange(100, 1_500, 100), dice.choice("NPQ"), 1)
        dark = (second + 1.5, (bid + ask) / 200, dice.randrange(100, 20_000, 100), "D", 1)
        trades += [lit, dark] if dice.random() < 0.3 else [lit]
    trades.append((CLOSE_S + 30, bid / 100, 40_000, "N", 0x80))
    return market(quotes, trades)
