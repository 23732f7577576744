"""What the checks of the second and third stage look at, on the small desk, and whatever a case changes."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sottovoce.core.access import Principal, Role
from sottovoce.core.commands import NewOrder
from sottovoce.core.instrument import Instrument
from sottovoce.core.market import Quote, Unusable
from sottovoce.core.ports import VenueFacts
from sottovoce.stages.gateway.business import Business
from sottovoce.stages.gateway.config import GatewayConfig, profiles_of
from sottovoce.stages.gateway.destinations import Destinations
from sottovoce.stages.gateway.moment import Moment
from tests.scenarios.small_desk import ACCOUNT, ACME, CLOSE_NS, MID, OPEN_NS, TICK, TRADER, VENUES, Weekdays, new_order

PERSON = Principal(name=TRADER, role=Role.TRADER, accounts=(ACCOUNT,))
SOUND = Quote(bid=MID - TICK, bid_size=500, ask=MID + TICK, ask_size=500, mid=MID)


def business(
    order: NewOrder | None = None,
    instrument: Instrument = ACME,
    venues: Sequence[VenueFacts] = VENUES,
    config: GatewayConfig | None = None,
    **changes: object,
) -> Business:
    """An order in the second stage, on Monday 2018-02-12."""
    told = config or GatewayConfig()
    plain = Business(
        order=order or new_order(), principal=PERSON, instrument=instrument, date="2018-02-12", ts_ns=OPEN_NS,
        config=told, destinations=Destinations(venues, told.excluded_venues),
        profiles=profiles_of(told.profiles, instrument.mic, instrument.country),
    )  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


def moment(order: NewOrder | None = None, quote: Quote | Unusable = SOUND, **changes: object) -> Moment:
    """An order in the third stage, a nanosecond after the open."""
    entered = order or new_order()
    plain = Moment(
        order=entered, instrument=ACME, quote=quote, session=Weekdays().session_at(OPEN_NS), start_ns=OPEN_NS,
        end_ns=CLOSE_NS, ts_ns=OPEN_NS, qty=entered.order_qty or 0, config=GatewayConfig(), venues=VENUES,
    )  # fmt: skip
    return msgspec.structs.replace(plain, **changes)
