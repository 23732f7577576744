"""What may be asked of a list of orders: enter it as a whole, and let go or decline one that waits for a person.

A basket is one request and one answer. Nothing of it is sent before the whole of it has passed (P5), so what a
command carries is the list as its file said it, row by row; the gateway reads it leg by leg.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.command import Command
from sottovoce.core.enums import OrdType, Side, Strategy, TimeInForce, Urgency


class BasketLeg(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """One row of a list: what NewOrder says of one name. row is the line of the file it stands on, from 1."""

    row: int
    symbol: str
    side: Side
    order_qty: int | None = None
    notional: str | None = None
    currency: str | None = None
    ord_type: OrdType = OrdType.MARKET
    price: str | None = None
    time_in_force: TimeInForce = TimeInForce.DAY
    strategy: Strategy | None = None
    urgency: Urgency = Urgency.MEDIUM
    locate_id: str | None = None
    note: str = ""


class NewBasket(Command, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag="new_basket"):
    """A list of orders to be checked whole, then worked leg by leg.

    declared_notional is what the person who built the list says it is worth, gross, a plain decimal in currency; it
    is compared with what the rows come to. source is the name the list came under: a file's, or a program's.
    """

    account: str
    basket_id: str
    legs: tuple[BasketLeg, ...]
    declared_notional: str | None = None
    currency: str = "USD"
    source: str = ""


class ReleaseBasket(Command, frozen=True, kw_only=True, gc=False, tag="release_basket"):
    """A person of the right role lets a held basket go, on the digest of what was shown."""

    parent_id: str
    content_digest: str


class RefuseBasket(Command, frozen=True, kw_only=True, gc=False, tag="refuse_basket"):
    """A person declines a held basket, or its owner takes it back."""

    parent_id: str
    reason: str = ""


class BasketExpiry(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="basket_expiry"):
    """A held basket has waited as long as it may."""

    parent_id: str


BasketCommand = NewBasket | ReleaseBasket | RefuseBasket
BasketTimer = BasketExpiry
