"""A queue-reactive book the tests play with: three levels a side, queues of about seven."""

from __future__ import annotations

import numpy as np

from sottovoce.models.queues.queue_reactive import Intensities, model_one

SIZES = 31


def book() -> Intensities:
    """Model I: long queues discourage arrivals, each order may leave, takers prefer short queues."""
    size = np.arange(SIZES, dtype=np.float64)
    limit = np.stack([part * np.where(size == 0, 1.5, 1.2 * np.exp(-size / 25)) for part in (1.0, 1.2, 0.8)])
    cancel = np.stack([part * 0.1 * size / (1 + size / 20) for part in (1.0, 0.8, 0.6)])
    market = np.stack([0.6 * np.exp(-size / 15), 0.1 * np.exp(-size / 5), 0.0 * size])
    return model_one(limit, cancel, market)
