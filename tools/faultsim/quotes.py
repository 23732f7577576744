"""The feed of the simulated market: two walking prices, and everything a feed can do wrong to them."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import msgspec

from sottovoce.core.enums import VenueKind
from sottovoce.core.market import MarketState, VenueQuote
from sottovoce.core.units import NS_PER_SECOND
from tools.faultsim.desk import MIDS, OPEN_NS, TICK, Weekdays
from tools.faultsim.faults import Faults

UPDATE_NS = NS_PER_SECOND
TRADED = 4_000
"""Shares others trade a second, about the names' average daily volume."""


class Name:
    """One name's truth (mid, volume) and what the feed says of it until a fault is over."""

    def __init__(self, symbol: str, mid: int) -> None:
        self.symbol = symbol
        self.mid = mid
        self.volume = 0
        self.seq = 0
        self.frozen_until = 0
        self.spoiled_until = 0
        self.spoil = ""
        self.halted_until = 0
        self.state = _state(self, OPEN_NS, "closed")


class Feed:
    """The feed's last word on every name, brought up to the moment it is asked for."""

    def __init__(self, faults: Faults, dice: Random) -> None:
        self._faults = faults
        self._dice = dice
        self._names = [Name(symbol, mid) for symbol, mid in MIDS.items()]
        self._next_ns = 0
        self._calendar = Weekdays()
        self._session = self._calendar.session_at(OPEN_NS)
        self.calm = False

    def states(self, now_ns: int) -> Mapping[str, MarketState]:
        """Immutable states by instrument id, as at now_ns."""
        if now_ns >= self._next_ns:
            self._next_ns = now_ns + UPDATE_NS
            if now_ns >= self._session.close_ns:
                self._session = self._calendar.session_at(now_ns)
            for name in self._names:
                self._move(name, now_ns)
        return {name.symbol: name.state for name in self._names}

    def mid(self, symbol: str) -> int:
        """Where a name really trades."""
        return next(name.mid for name in self._names if name.symbol == symbol)

    def _move(self, name: Name, now_ns: int) -> None:
        dice, faults = self._dice, self._faults
        name.mid = max(name.mid + TICK * dice.randint(-2, 2), MIDS[name.symbol] * 9 // 10)
        name.mid = min(name.mid, MIDS[name.symbol] * 11 // 10 // TICK * TICK)
        name.volume += TRADED
        if not self.calm:
            self._trouble(name, now_ns, dice, faults)
        if now_ns < name.frozen_until and not self.calm:
            return
        phase = "open" if self._session.open_ns <= now_ns < self._session.close_ns else "closed"
        if phase == "open" and now_ns < name.halted_until and not self.calm:
            phase = "halted"
        name.seq += 1
        name.state = _state(name, now_ns, phase)
        if now_ns < name.spoiled_until and not self.calm:
            name.state = msgspec.structs.replace(name.state, **_spoiled(name))

    def _trouble(self, name: Name, now_ns: int, dice: Random, faults: Faults) -> None:
        """Perhaps something begins to go wrong."""
        lasts_ns = dice.randint(2, 40) * NS_PER_SECOND
        if dice.random() < faults.stales:
            name.frozen_until = now_ns + lasts_ns
        if dice.random() < faults.bad_quotes:
            name.spoil, name.spoiled_until = dice.choice(SPOILS), now_ns + lasts_ns
        if dice.random() < faults.implausible:
            name.spoil, name.spoiled_until = "implausible", now_ns + lasts_ns
        if dice.random() < faults.halts:
            name.halted_until = now_ns + lasts_ns


SPOILS = ("crossed", "locked", "no bid", "no ask", "zero", "negative", "gap")


def _spoiled(name: Name) -> dict[str, object]:
    """What a fault makes of a name's state."""
    mid = name.mid
    spoils: dict[str, dict[str, object]] = {
        "crossed": {"bid": mid + 5 * TICK, "ask": mid - 5 * TICK},
        "locked": {"bid": mid, "ask": mid},
        "no bid": {"bid": 0, "bid_size": 0},
        "no ask": {"ask": 0, "ask_size": 0},
        "zero": {"bid": 0, "ask": 0, "last_px": 0},
        "negative": {"bid": -mid, "ask": -mid + 2 * TICK},
        "gap": {"gap": "messages are missing"},
        "implausible": _implausible(mid * 3 // 10_000),
    }
    return spoils[name.spoil]


def _implausible(mid: int) -> dict[str, object]:
    """A price 99.97 % below where the name trades, shown by every venue."""
    bid, ask = mid - TICK // 2, mid + TICK // 2
    return {"bid": bid, "ask": ask, "last_px": mid, "venues": _venues(bid, ask)}


def _venues(bid: int, ask: int) -> tuple[VenueQuote, ...]:
    return tuple(
        VenueQuote(venue=venue, kind=VenueKind.LIT, bid=bid, bid_size=size, ask=ask, ask_size=size)
        for venue, size in (("LITA", 900), ("LITB", 400))
    )


def _state(name: Name, now_ns: int, phase: str) -> MarketState:
    bid, ask = name.mid - TICK, name.mid + TICK
    return MarketState(
        instrument_id=name.symbol, seq=name.seq, quoted_ns=now_ns, bid=bid, bid_size=1_300, ask=ask, ask_size=1_300,
        last_px=name.mid, volume=name.volume, phase=phase, venues=_venues(bid, ask),
    )  # fmt: skip
