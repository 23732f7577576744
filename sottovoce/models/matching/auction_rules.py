"""When auctions take what, as dated data: cut-offs by order type, sharing at the margin, collars of a reopening.

Times are nanoseconds before the uncrossing. The two closing styles are those of the two US listing exchanges as the
market reference gives them (NYSE 15:50 for market and limit orders; Nasdaq 15:55 for market, 15:58 for limit orders);
their days of effect, openings, cancels and the collars of reopenings are from general knowledge and unverified.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

import msgspec

from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.models.dated_rules import in_force
from sottovoce.models.matching.allotment import Allotment
from sottovoce.models.matching.uncross import Collar


class AuctionKind(Enum):
    """Which call an order waits for."""

    OPENING = "opening"
    CLOSING = "closing"
    REOPENING = "reopening"


class AuctionRules(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One kind of auction in one style, from a date on; each figure is how long before the uncrossing it ends.

    imbalance_only orders trade against what is left over at the price and never move it.
    """

    style: str
    kind: AuctionKind
    effective_from: str
    market_entry_ns: int
    limit_entry_ns: int
    imbalance_only_entry_ns: int
    cancel_ns: int
    allotment: Allotment
    source: str


class ReopeningRules(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Collars of a reopening after a pause, from a date on.

    The first collar is a step beyond the price the pause came from; each extension adds a step to the pressed side.
    A step is step_ppm of that price, or step_px where the price is at or below low_px.
    """

    effective_from: str
    extension_ns: int
    step_ppm: int
    low_px: int
    step_px: int
    source: str


class ReopeningCollar(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The collar in force and the step it widens by, price units."""

    collar: Collar
    step_px: int
    extension_ns: int

    def widened(self, *, up: bool) -> ReopeningCollar:
        """One step wider on the side that presses; never below zero."""
        low, high = self.collar
        wider = Collar(low, high + self.step_px) if up else Collar(max(0, low - self.step_px), high)
        return msgspec.structs.replace(self, collar=wider)


def reopening_collar(rules: ReopeningRules, bands: Collar, *, up: bool) -> ReopeningCollar:
    """The first collar after a pause: a step beyond the band that was reached, and the other band as it was.

    up: the pause came from the upper band. bands: the price bands when trading paused.
    """
    anchor = bands.high_px if up else bands.low_px
    step = rules.step_px if anchor <= rules.low_px else anchor * rules.step_ppm // 1_000_000
    return ReopeningCollar(collar=bands, step_px=step, extension_ns=rules.extension_ns).widened(up=up)


_MEMORY = "opening, cancel and order-type times from general knowledge, unverified; day of effect not found"


def _rules(style: str, kind: AuctionKind, minutes: tuple[float, float, float, float], source: str) -> AuctionRules:
    market, limit, imbalance_only, cancel = (round(each * NS_PER_MINUTE) for each in minutes)
    return AuctionRules(
        style=style,
        kind=kind,
        effective_from="2019-01-01",
        market_entry_ns=market,
        limit_entry_ns=limit,
        imbalance_only_entry_ns=imbalance_only,
        cancel_ns=cancel,
        allotment=Allotment.PRO_RATA if style == "nyse" and kind is AuctionKind.CLOSING else Allotment.TIME,
        source=source,
    )


AUCTION_RULES: tuple[AuctionRules, ...] = (
    _rules("nyse", AuctionKind.OPENING, (0, 0, 0, 0), _MEMORY),
    _rules("nyse", AuctionKind.CLOSING, (10, 10, 0, 10), "markets reference §3: MOC and LOC 15:50; " + _MEMORY),
    _rules("nyse", AuctionKind.REOPENING, (0, 0, 0, 0), _MEMORY),
    _rules("nasdaq", AuctionKind.OPENING, (2, 2, 2, 2), _MEMORY),
    _rules("nasdaq", AuctionKind.CLOSING, (5, 2, 0, 10), "markets reference §3: MOC 15:55, LOC 15:58; " + _MEMORY),
    _rules("nasdaq", AuctionKind.REOPENING, (0, 0, 0, 0), _MEMORY),
)
"""Sharing at the margin: by time; the closing of the first style in proportion to size, standing for its parity."""

REOPENING_RULES: tuple[ReopeningRules, ...] = (
    ReopeningRules(
        effective_from="2017-11-20",
        extension_ns=5 * NS_PER_MINUTE,
        step_ppm=50_000,
        low_px=3_000_000,
        step_px=150_000,
        source="markets reference §2: collars widen in extensions of five minutes; widths and day of effect unverified",
    ),
)


def auction_rules_on(rules: Iterable[AuctionRules], style: str, kind: AuctionKind, date: str) -> AuctionRules:
    """The rules of a style and kind in force on an ISO date. Raises ModelError `no_auction_rules`."""
    known = (each for each in rules if (each.style, each.kind) == (style, kind))
    return in_force(known, date, f"{kind.value} rules of style {style}", "no_auction_rules")
