"""Limit up-limit down in one stock: bands through the day, the limit state, the pause it may end in, straddles.

A limit state begins when the national best offer stands at the lower band or the best bid at the upper one without
crossing it; if it lasts 15 seconds trading pauses for five minutes. A straddle state is a best bid below the lower
band or a best offer above the upper one: the stock trades, and its primary exchange may pause it. In a limit state
reference and bands stand still. After a pause the reopening price is the new reference.

Source: NMS Plan as in the markets reference §2; that bands stand still, and that a pause in the last ten minutes is
not reopened before the close, is from general knowledge and unverified.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

import msgspec

from sottovoce.core.ports import Session
from sottovoce.core.units import NS_PER_MINUTE, NS_PER_SECOND
from sottovoce.models.dated_rules import in_force
from sottovoce.models.matching.port import Touch
from sottovoce.models.protections.luld_bands import Bands, BandTable, Tier, bands, is_doubled, table_on
from sottovoce.models.protections.luld_reference import LuldReference


class LuldState(Enum):
    """Where a stock stands."""

    NORMAL = "normal"
    LIMIT = "limit"
    STRADDLE = "straddle"
    PAUSED = "paused"


class LuldRules(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Lengths of a limit state and of a pause, and how near the close a pause lasts until it."""

    effective_from: str
    limit_ns: int
    pause_ns: int
    no_reopening_ns: int
    source: str


LULD_RULES: tuple[LuldRules, ...] = (
    LuldRules(
        effective_from="2013-04-08",
        limit_ns=15 * NS_PER_SECOND,
        pause_ns=5 * NS_PER_MINUTE,
        no_reopening_ns=10 * NS_PER_MINUTE,
        source="markets reference §2; the last ten minutes and the day of effect unverified",
    ),
)


class LuldChange(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A state begins. until_ns: when a limit state becomes a pause, or a pause may end; 0 for the others.

    up: the upper band was reached or passed.
    """

    state: LuldState
    at_ns: int
    bands: Bands
    until_ns: int = 0
    up: bool = False


class Luld:
    """The monitor of one stock in one session. Prices in units of 1e-6 dollar; calls come in order of time.

    opening_px is the first reference; previous_close chooses the bucket. leverage: of a leveraged tier 2 fund.
    """

    def __init__(self, hours: Session, tier: Tier, previous_close: int, opening_px: int, *, leverage: int = 1) -> None:
        self._hours = hours
        self._tier = tier
        self._close = previous_close
        self._leverage = leverage
        self._rules = in_force(LULD_RULES, hours.date, "rules of limit states", "no_luld_rules")
        self._table: BandTable = table_on(hours.date)
        self._reference = LuldReference(opening_px, hours.open_ns)
        self._touch = Touch(0, 0, 0, 0)
        self._last = LuldChange(state=LuldState.NORMAL, at_ns=hours.open_ns, bands=self._fresh(hours.open_ns))

    @property
    def state(self) -> LuldState:
        """Where the stock stands since the last call."""
        return self._last.state

    @property
    def last(self) -> LuldChange:
        """How the present state began."""
        return self._last

    def bands_at(self, at_ns: int) -> Bands:
        """The bands in force; as they were while a limit state or a pause lasts."""
        return self._last.bands if self.state in (LuldState.LIMIT, LuldState.PAUSED) else self._fresh(at_ns)

    def trade(self, px: int, at_ns: int) -> Sequence[LuldChange]:
        """An eligible trade printed: it counts for the mean, and may move the reference and with it the bands."""
        news = self._run(at_ns)
        self._reference.trade(px, at_ns)
        return [*news, *self._judge(at_ns)]

    def trades(self, prints: Iterable[tuple[int, int]]) -> Sequence[LuldChange]:
        """Eligible trades (px, at_ns) in order of time, judged once, at the last: for who looks now and then."""
        at_ns = 0
        for px, at_ns in prints:
            self._reference.trade(px, at_ns)
        return [*self._run(at_ns), *self._judge(at_ns)] if at_ns else []

    def quote(self, touch: Touch, at_ns: int) -> Sequence[LuldChange]:
        """The national best bid and offer changed."""
        news = self._run(at_ns)
        self._touch = touch
        return [*news, *self._judge(at_ns)]

    def advance(self, at_ns: int) -> Sequence[LuldChange]:
        """Time passed."""
        return [*self._run(at_ns), *self._judge(at_ns)]

    def pause(self, at_ns: int, *, up: bool) -> Sequence[LuldChange]:
        """The primary exchange pauses trading, as it may in a straddle state."""
        news = self._run(at_ns)
        return news if self.state is LuldState.PAUSED else [*news, self._paused(at_ns, up=up)]

    def reopen(self, px: int, at_ns: int) -> Sequence[LuldChange]:
        """The primary exchange reopened at a price, which is the new reference; px 0 when nothing traded."""
        self._reference.reset(px or self._reference.at(at_ns), at_ns)
        self._touch = Touch(0, 0, 0, 0)
        return [self._change(LuldState.NORMAL, at_ns, self._fresh(at_ns))]

    def _run(self, at_ns: int) -> list[LuldChange]:
        """A limit state whose time was up by now has become a pause."""
        if self.state is LuldState.LIMIT and at_ns >= self._last.until_ns:
            return [self._paused(self._last.until_ns, up=self._last.up)]
        return []

    def _judge(self, at_ns: int) -> list[LuldChange]:
        """The state the touch makes now, when it is another one."""
        if self.state is LuldState.PAUSED:
            return []
        limits = self.bands_at(at_ns)
        state, up = judged(self._touch, limits)
        if state is self.state and up == self._last.up:
            return []
        until_ns = at_ns + self._rules.limit_ns if state is LuldState.LIMIT else 0
        return [self._change(state, at_ns, limits, until_ns, up=up)]

    def _paused(self, at_ns: int, *, up: bool) -> LuldChange:
        late = at_ns >= self._hours.close_ns - self._rules.no_reopening_ns
        until_ns = self._hours.close_ns if late else at_ns + self._rules.pause_ns
        return self._change(LuldState.PAUSED, at_ns, self.bands_at(at_ns), until_ns, up=up)

    def _change(
        self, state: LuldState, at_ns: int, limits: Bands, until_ns: int = 0, *, up: bool = False
    ) -> LuldChange:
        self._last = LuldChange(state=state, at_ns=at_ns, bands=limits, until_ns=until_ns, up=up)
        return self._last

    def _fresh(self, at_ns: int) -> Bands:
        doubled = is_doubled(self._table, at_ns, self._hours.open_ns, self._hours.close_ns)
        reference_px = self._reference.at(at_ns)
        return bands(self._table, reference_px, self._close, self._tier, doubled=doubled, leverage=self._leverage)


def judged(touch: Touch, limits: Bands) -> tuple[LuldState, bool]:
    """The state a touch makes within bands, and whether it is the upper one that matters.

    A side that is empty (0) makes none. At the lower band it is the offer that counts, at the upper the bid.
    """
    crossed = touch.bid > 0 and touch.ask > 0 and touch.bid > touch.ask
    if not crossed and touch.ask > 0 and touch.ask == limits.lower_px:
        return LuldState.LIMIT, False
    if not crossed and touch.bid > 0 and touch.bid == limits.upper_px:
        return LuldState.LIMIT, True
    if 0 < touch.bid < limits.lower_px:
        return LuldState.STRADDLE, False
    if touch.ask > limits.upper_px:
        return LuldState.STRADDLE, True
    return LuldState.NORMAL, False
