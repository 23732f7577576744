"""How the replay decides that an order of ours would have traded: every assumption, as data.

A tape cannot answer an order, so each rule here errs on the side of not filling. What has no public source
is an assumption and says so; change it by passing another ReplayPolicy or other venue facts.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import VenueKind
from sottovoce.core.ports import VenueFacts
from sottovoce.core.units import NS_PER_MINUTE

LIT = "TAPE"
CLOSE = "TAPE-CLOSE"
DARK = "TAPE-DARK"


class ReplayPolicy(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The fill model's numbers.

    dark_share_ppm: of each off-exchange print at the mid or better, what a midpoint order of ours may have.
    Most of that volume is internalised and was never for us. Assumption. auction_share_ppm: of the closing
    auction's print, what all our orders together may have, so that its price may be taken as given. Near
    the 12 % of the auction that practice takes as a ceiling; assumption. close_entry_ns: orders for the
    closing auction must arrive this long before the close (New York's 15:50; the rule of the day on the
    tape may have been earlier). close_wait_ns: how long after the close a closing print is still awaited
    before auction orders expire.
    """

    dark_share_ppm: int = 100_000
    auction_share_ppm: int = 100_000
    close_entry_ns: int = 10 * NS_PER_MINUTE
    close_wait_ns: int = 15 * NS_PER_MINUTE


ACCESS_FEE_CAP = 3_000
"""$0.0030 a share in units of 1e-6 dollar: the cap of Rule 610(c) of Regulation NMS."""

_FEES = (
    "fees: the 610(c) cap where we take and where no schedule is known, no rebate where we make; latency: assumption"
)


def _facts(venue: str, name: str, kind: VenueKind, make_fee: int, min_qty: int) -> VenueFacts:
    return VenueFacts(
        venue=venue,
        name=name,
        kind=kind,
        make_fee=make_fee,
        take_fee=ACCESS_FEE_CAP,
        auction_fee=ACCESS_FEE_CAP,
        latency_ns=500_000,
        min_qty=min_qty,
        effective_from="2013-10-01",
        source=_FEES,
    )


TAPE_VENUES = (
    _facts(LIT, "All lit venues, by the consolidated tape", VenueKind.LIT, make_fee=0, min_qty=1),
    _facts(CLOSE, "Closing auction of the tape", VenueKind.AUCTION, make_fee=0, min_qty=1),
    _facts(DARK, "Midpoint, against off-exchange prints", VenueKind.DARK, make_fee=ACCESS_FEE_CAP, min_qty=100),
)
