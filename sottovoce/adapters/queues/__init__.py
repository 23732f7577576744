"""A market made of queues: four lit venues, a dark pool, a closing auction; seeded, repeatable, moved by orders."""

from __future__ import annotations

from sottovoce.adapters.queues.market import QueueMarket
from sottovoce.adapters.queues.venues import AUCTION_CUTOFF_NS, QUEUE_VENUES

__all__ = ["QueueMarket", "QUEUE_VENUES", "AUCTION_CUTOFF_NS"]
