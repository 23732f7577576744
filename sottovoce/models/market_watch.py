"""The watch over the market: which quotes must not be believed, and when a name is not fit to be traded.

A quote far from the last good one is not believed until trades agree with it for a while: a wrong figure from one
source must not price an order, and a true jump must not stop trading for good. The last good mid is kept with its age.
A name is in one condition at a time, the gravest that holds; a change is said once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from operator import itemgetter

import msgspec

from sottovoce.core.condition_commands import NORMAL, MarketCondition
from sottovoce.core.market import MarketState, MarketView, Quote, Unusable
from sottovoce.core.ranges import Milliseconds, Money, Seconds, SecondsOrNone, SomePpm
from sottovoce.models.price_bands import at_band, doubt

PPM = 1_000_000
QUIET = ("market_closed", "no_market_data")
"""Not conditions of a session: nobody trades then anyway."""


_mid = itemgetter(1)


class WatchConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """House defaults of AT-07 and F-26.

    look_ms: how often names are looked at, market time. implausible_ppm: a mid this far from the last good one is
    not believed before trades at most this far from it have been seen for confirm_s. size_max: a displayed size above
    is not believed. move_ppm in move_s: a fast market; it is normal again when the mid has been within the bound for
    calm_s. settle_s: how long a name must be sound before normal is said.
    """

    look_ms: Milliseconds = 5_000
    implausible_ppm: SomePpm = 300_000
    confirm_s: SecondsOrNone = 60
    size_max: Money = 1_000_000_000
    move_ppm: SomePpm = 30_000
    move_s: Seconds = 300
    calm_s: SecondsOrNone = 60
    settle_s: SecondsOrNone = 1

    def __post_init__(self) -> None:
        if min(self.look_ms, self.implausible_ppm, self.size_max, self.move_ppm, self.move_s) <= 0:
            raise ValueError("look_ms, implausible_ppm, size_max, move_ppm and move_s must be above 0")
        if min(self.confirm_s, self.calm_s, self.settle_s) < 0:
            raise ValueError("confirm_s, calm_s and settle_s must not be negative")


class Name(msgspec.Struct, kw_only=True):
    """What is remembered of one instrument. mids: (time, mid) of the last move_s, at most one a look."""

    good_mid: int = 0
    good_ns: int = 0
    suspect_ns: int = 0
    code: str = NORMAL
    better_ns: int = 0
    mids: deque[tuple[int, int]] = msgspec.field(default_factory=deque)


class MarketWatch:
    """Looks at every name as often as WatchConfig says, and at the name of a decision whenever one is taken."""

    def __init__(self, config: WatchConfig, references: Mapping[str, int], max_age_ns: int) -> None:
        """references: yesterday's closes by instrument, price units; a name without one starts with its first quote."""
        self._config = config
        self._max_age_ns = max_age_ns
        self._names = {each: Name(good_mid=px) for each, px in references.items() if px > 0}

    @property
    def look_ns(self) -> int:
        """Market time between two looks."""
        return self._config.look_ms * 1_000_000

    def view(self, ts_ns: int, states: Mapping[str, MarketState]) -> MarketView:
        """The market at ts_ns as stages may see it: prices that are not believed are not in it."""
        return MarketView(ts_ns, states, self._max_age_ns, self.doubt)

    def look(self, ts_ns: int, states: Mapping[str, MarketState]) -> list[MarketCondition]:
        """Every name whose condition is another than at the last look, in the order of the feed."""
        view = self.view(ts_ns, states)
        found = [self._looked(view, instrument_id, state) for instrument_id, state in states.items()]
        return [each for each in found if each is not None]

    def doubt(self, state: MarketState, quote: Quote, ts_ns: int) -> Unusable | None:
        """Why a sound-looking quote is not believed, None when it is; a believed mid is the good one from now on."""
        name, config = self._name(state.instrument_id), self._config
        if max(quote.bid_size, quote.ask_size) > config.size_max:
            size = max(quote.bid_size, quote.ask_size)
            detail = f"size {size:,} shown, at most {config.size_max:,} believed"
            return Unusable(code="implausible_quote", detail=detail)
        near = not name.good_mid or self._near(quote.mid, name.good_mid)
        if not near and not self._confirmed(name, state, quote, ts_ns):
            return self._implausible(name, state, quote, ts_ns)
        name.good_mid, name.good_ns, name.suspect_ns = quote.mid, ts_ns, 0
        return None

    def _confirmed(self, name: Name, state: MarketState, quote: Quote, ts_ns: int) -> bool:
        """Whether trades have agreed with a far quote for long enough."""
        if not self._near(state.last_px, quote.mid):
            name.suspect_ns = 0
            return False
        name.suspect_ns = name.suspect_ns or ts_ns
        return ts_ns - name.suspect_ns >= self._config.confirm_s * 1_000_000_000

    def _implausible(self, name: Name, state: MarketState, quote: Quote, ts_ns: int) -> Unusable:
        age = f"{(ts_ns - name.good_ns) / 1e9:.1f} s old" if name.good_ns else "yesterday's close"
        detail = f"mid {quote.mid}, last trade {state.last_px}; last good {name.good_mid}, {age}"
        return Unusable(code="implausible_quote", detail=detail)

    def _near(self, px: int, reference: int) -> bool:
        return abs(px - reference) * PPM <= self._config.implausible_ppm * reference

    def _looked(self, view: MarketView, instrument_id: str, state: MarketState) -> MarketCondition | None:
        name, quote = self._name(instrument_id), view.quote(instrument_id)
        if isinstance(quote, Unusable):
            name.mids.clear()
            if quote.code in QUIET:
                return None
            return self._worse(name, state, quote.code, quote.detail, 0)
        if in_limit_state(state, quote):
            detail = f"bid {quote.bid}, ask {quote.ask}, bands {state.bands}"
            return self._worse(name, state, "limit_state", detail, 0)
        move = self._moved(name, quote.mid, view.ts_ns)
        if abs(move) >= self._config.move_ppm:
            detail = f"{move / 10_000:+.2f} % in {self._config.move_s} s, mid {quote.mid}"
            return self._worse(name, state, "fast_market", detail, move)
        return self._better(name, state, view.ts_ns)

    def _worse(self, name: Name, state: MarketState, code: str, detail: str, move: int) -> MarketCondition | None:
        name.better_ns = 0
        if name.code == code:
            return None
        name.code = code
        return MarketCondition(
            instrument_id=state.instrument_id, code=code, detail=detail, move_ppm=move, seq=state.seq
        )

    def _better(self, name: Name, state: MarketState, ts_ns: int) -> MarketCondition | None:
        """Normal again, once it has been so for as long as the condition before asks."""
        if name.code == NORMAL:
            return None
        name.better_ns = name.better_ns or ts_ns
        wait_s = self._config.calm_s if name.code == "fast_market" else self._config.settle_s
        if ts_ns - name.better_ns < wait_s * 1_000_000_000:
            return None
        was, name.code = name.code, NORMAL
        return MarketCondition(instrument_id=state.instrument_id, code=NORMAL, detail=f"after {was}", seq=state.seq)

    def _moved(self, name: Name, mid: int, ts_ns: int) -> int:
        """The larger of the mid's moves from its lowest and from its highest of the last move_s, ppm."""
        mids, oldest_ns = name.mids, ts_ns - self._config.move_s * 1_000_000_000
        while mids and mids[0][0] < oldest_ns:
            mids.popleft()
        if not mids or ts_ns - mids[-1][0] >= self.look_ns:
            mids.append((ts_ns, mid))
        low, high = min(mids, key=_mid)[1], max(mids, key=_mid)[1]
        up, down = (mid - low) * PPM // low, (high - mid) * PPM // high
        return up if up >= down else -down

    def _name(self, instrument_id: str) -> Name:
        name = self._names.get(instrument_id)
        if name is None:
            name = self._names[instrument_id] = Name()
        return name


def in_limit_state(state: MarketState, quote: Quote) -> bool:
    """Whether a believed quote stands at a band that is believed too (PT-19)."""
    if state.bands is None or doubt(*state.bands, quote.mid):
        return False
    return at_band(quote.bid, quote.ask, *state.bands)
