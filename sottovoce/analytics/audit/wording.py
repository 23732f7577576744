"""How figures are said: shares, prices, moments and failed checks, in the units of one order."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sottovoce.core.enums import Word
from sottovoce.core.orders import Failure, ParentOrder
from sottovoce.core.reasons import REASONS
from sottovoce.core.units import NS_PER_DAY, NS_PER_SECOND, format_ns, format_px

PRICE_SCALE = 1_000_000
NOT_SAID = ("parent_id", "ts_ns", "principal", "reserved_qty", "worst_px")
"""Fields that are said elsewhere: whose, when, by whom, and what risk reserved."""


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """The units of one order; scale: price units in one of its currency."""

    symbol: str = ""
    currency: str = ""
    scale: int = PRICE_SCALE
    instrument_id: str = ""

    def px(self, price: int) -> str:
        """A price with its currency, "50.01 USD"."""
        return f"{format_px(price, self.scale)} {self.currency}".strip()

    def value(self, px_qty: int) -> str:
        """Price units times shares as money, "1,500,300 USD"."""
        return f"{px_qty / self.scale:,.0f} {self.currency}".strip()

    def bps(self, price_units: int) -> str:
        """Price units a share as a signed decimal, "+0.0012 a share"."""
        return f"{price_units / self.scale:+.4f} a share"


def wording_of(order: ParentOrder | None) -> Wording:
    """The wording of an order; that of nothing in particular before it is known."""
    if order is None:
        return Wording()
    return Wording(
        symbol=order.symbol, currency=order.currency, scale=order.price_scale, instrument_id=order.instrument_id
    )


def shares(qty: int) -> str:
    """A quantity, "1,200"."""
    return f"{qty:,}"


def clock(ns: int) -> str:
    """A moment of its day in UTC to the millisecond, "14:30:05.123"."""
    return format_ns(ns, 3)[11:23]


def moment(ns: int) -> str:
    """A moment with its date, UTC to the second."""
    return format_ns(ns, 0)[:19].replace("T", " ") + " UTC"


def lasting(ns: int) -> str:
    """A duration as people say it: "450 ms", "12.0 s", "15 min"."""
    if abs(ns) < NS_PER_SECOND:
        return f"{ns / 1e6:.3g} ms"
    if abs(ns) < 120 * NS_PER_SECOND:
        return f"{ns / 1e9:.1f} s"
    return f"{ns / 60e9:.0f} min" if abs(ns) < NS_PER_DAY else f"{ns / 86_400e9:.1f} days"


def failed(check: Failure) -> str:
    """A failed check: what it means, the figure, the limit and its version, the room that was left."""
    meaning = REASONS[check.code].meaning if check.code in REASONS else check.code.replace("_", " ")
    figure = check.value + (f" against a limit of {check.limit}" if check.limit else "")
    room = f", room left {check.room}" if check.room else ""
    limit = f", limit {check.limit_id} version {check.limit_version}" if check.limit_id else ""
    return f"{meaning}: {figure}{room}{limit} [{check.code}]"


def every(checks: Sequence[Failure]) -> str:
    """Failed checks in one sentence."""
    return "; ".join(failed(check) for check in checks) or "no reason is recorded"


def asked(message: msgspec.Struct, wording: Wording) -> str:
    """The fields of a request or of an event that say something, "size 40,000, limit 50.10 USD"."""
    said = []
    for name in message.__struct_fields__:
        value = getattr(message, name)
        if name in NOT_SAID or value is None or value in ((), ""):
            continue
        if isinstance(value, msgspec.Struct):
            said.append(asked(value, wording))
        else:
            called = _NAMES.get(name, name.removesuffix("_ppm").replace("_", " "))
            said.append(f"{called} {_figure(name, value, wording)}")
    return ", ".join(filter(None, said))


_NAMES = {"order_qty": "size", "limit_px": "limit", "price": "limit", "end_ns": "end", "start_ns": "start"}


def _figure(name: str, value: object, wording: Wording) -> str:
    if isinstance(value, Word):
        return str(value.value)
    if isinstance(value, bool) or not isinstance(value, int):
        return str(value)[:120]
    if name.endswith("_px"):
        return wording.px(value)
    if name.endswith("_ns"):
        return clock(value)
    if name.endswith("_ppm"):
        return f"{value / 10_000:g} %"
    return shares(value)
