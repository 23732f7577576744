"""Playing a queue-reactive book event by event, and keeping what its intensities can be estimated from."""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.compiling import Family, Kernel
from sottovoce.models.queues.queue_reactive import Intensities, invariant_law

LIMIT, CANCEL, MARKET = 0, 1, 2

_SPARE_DRAWS = 4


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """A played book. Per event, shape (n,): level (0 … K − 1 bids, K … 2K − 1 asks, best first on each side), kind,
    size before, seconds since the event before, and the reference's move in ticks after it.

    time_at is seconds spent at each size, shape (2K, sizes); continuations and alternations count moves of the
    reference in the direction of the move before, and against it.
    """

    level: IntArray
    kind: IntArray
    size: IntArray
    waited_s: FloatArray
    move: IntArray
    time_at: FloatArray
    continuations: int
    alternations: int

    @property
    def mean_reversion(self) -> float:
        """ζ = continuations / (2 · alternations): below ½ where moves tend to be undone; nan without any."""
        return self.continuations / (2.0 * self.alternations) if self.alternations else float("nan")


def play(
    model: Intensities, events: int, seed: int, theta: float, theta_reinit: float, *, compile_: bool = True
) -> Played:
    """Play a number of events from a book in its invariant law.

    theta is the chance that the reference follows when a best queue empties; theta_reinit that the book is then drawn
    anew. Compiled and plain runs of one seed are equal.
    """
    levels, _, sizes = model.limit.shape
    rng = np.random.default_rng(seed)
    laws = np.cumsum([invariant_law(model, level) for level in range(levels)], axis=1)
    queues = np.array([int(np.searchsorted(laws[at % levels], rng.random())) for at in range(2 * levels)])
    waits, draws = rng.standard_exponential(events), rng.random((events, _SPARE_DRAWS))
    fresh = rng.random(4 * levels * 1024)
    rows = np.zeros((4, events), dtype=np.int64)
    waited, time_at = np.zeros(events), np.zeros((2 * levels, sizes))
    rates = np.stack([model.limit, model.cancel, model.market])
    ready = PLAY.compiled() if compile_ else None
    run: Kernel = play_queues if ready is None else ready["play_queues"]
    switch, edges = np.array(model.switch, dtype=np.int64), np.array(model.edges, dtype=np.int64)
    run(queues, rates, switch, edges, laws, waits, draws, fresh, theta, theta_reinit, rows, waited, time_at)
    same, against = _directions(rows[3])
    return Played(
        level=rows[0],
        kind=rows[1],
        size=rows[2],
        waited_s=waited,
        move=rows[3],
        time_at=time_at,
        continuations=same,
        alternations=against,
    )


def _directions(move: IntArray) -> tuple[int, int]:
    """Moves that go on, and moves that turn back."""
    moves = move[move != 0]
    same = int((moves[1:] == moves[:-1]).sum())
    return same, max(0, len(moves) - 1) - same


def play_queues(
    queues: IntArray,
    rates: FloatArray,
    switch: IntArray,
    edges: IntArray,
    laws: FloatArray,
    waits: FloatArray,
    draws: FloatArray,
    fresh: FloatArray,
    theta: float,
    theta_reinit: float,
    rows: IntArray,
    waited: FloatArray,
    time_at: FloatArray,
) -> None:
    """The loop: fills rows, waited and time_at, one event each."""
    levels = rates.shape[1]
    used = 0
    for event in range(len(waits)):
        total = 0.0
        for at in range(2 * levels):
            kind = class_of(queues, at, levels, switch, edges)
            for what in range(3):
                total += rates[what, at % levels, kind, queues[at]]
        seconds = waits[event] / total
        for at in range(2 * levels):
            time_at[at, queues[at]] += seconds
        at, what = choose(queues, rates, switch, edges, draws[event, 0] * total)
        rows[0, event], rows[1, event], rows[2, event] = at, what, queues[at]
        waited[event] = seconds
        queues[at] += 1 if what == LIMIT else -1
        if at % levels == 0 and queues[at] == 0 and draws[event, 1] < theta:
            rows[3, event] = 1 if at >= levels else -1
            follow(queues, laws, at, levels, draws[event, 2])
            if draws[event, 3] < theta_reinit:
                for place in range(2 * levels):
                    queues[place] = size_drawn(laws, place % levels, fresh[used])
                    used = (used + 1) % len(fresh)


def class_of(queues: IntArray, at: int, levels: int, switch: IntArray, edges: IntArray) -> int:
    """The class that switches a level's intensities now."""
    what = switch[at % levels]
    if what == 0:
        return 0
    own = 0 if at < levels else levels
    watched = queues[own if what == 1 else levels - own]
    kind = 0
    for edge in edges:
        if watched >= edge:
            kind += 1
    return kind


def choose(queues: IntArray, rates: FloatArray, switch: IntArray, edges: IntArray, left: float) -> tuple[int, int]:
    """The level and kind at which a running sum of intensities passes `left`."""
    levels = rates.shape[1]
    last, doing = 0, LIMIT
    for at in range(2 * levels):
        kind = class_of(queues, at, levels, switch, edges)
        for what in range(3):
            rate = rates[what, at % levels, kind, queues[at]]
            if rate > 0.0:
                last, doing = at, what
                left -= rate
                if left < 0.0:
                    return last, doing
    return last, doing


def follow(queues: IntArray, laws: FloatArray, emptied: int, levels: int, draw: float) -> None:
    """Shift the book one tick towards the emptied best queue: it becomes the other side's new best, still empty."""
    own = 0 if emptied < levels else levels
    other = levels - own
    for level in range(levels - 1):
        queues[own + level] = queues[own + level + 1]
        queues[other + levels - 1 - level] = queues[other + levels - 2 - level]
    queues[own + levels - 1] = size_drawn(laws, levels - 1, draw)
    queues[other] = 0


def size_drawn(laws: FloatArray, level: int, draw: float) -> int:
    """A queue size by inverting a cumulative law."""
    size = 0
    while size < laws.shape[1] - 1 and laws[level, size] < draw:
        size += 1
    return size


PLAY = Family(class_of, choose, size_drawn, follow, play_queues, allocates=True)
