"""Reads ORDERS.json, the file other systems give their orders in. docs/reference/orders-format.md describes it.

Strict: decimals are text in plain notation, times carry their offset, an unknown field is an error. Every error
names the order by its index and the field, and says what to write instead.
"""

from __future__ import annotations

import re

import msgspec

from sottovoce.analytics.tca.orders import (
    TcaAmendment,
    TcaFill,
    TcaForecast,
    TcaOrder,
    TcaRoute,
    TcaSchedule,
)
from sottovoce.analytics.tca.orders_wire import FileFill, FileOrder, FileOrders, FileRoute
from sottovoce.core.errors import MalformedMessage
from sottovoce.core.orders import CURVE_ONE
from sottovoce.core.units import parse_decimal_px, parse_rfc3339, scale_decimals

ORDERS_MAX = 100_000
RATE_SCALE = 10**9


def read_orders(data: bytes | str) -> list[TcaOrder]:
    """The orders of a file's text.

    Raises: MalformedMessage, code orders_json (not JSON), orders_field (a field is missing, unknown, of the
        wrong type or not a number or time), orders_value (a figure that cannot be).
    """
    try:
        wire = msgspec.json.decode(data, type=FileOrders)
    except msgspec.ValidationError as error:
        raise MalformedMessage(_located(str(error)), code="orders_field") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedMessage(f"The orders file is not JSON: {error}", code="orders_json") from error
    if not wire.orders:
        raise MalformedMessage("The orders file has no orders; give at least one.", code="orders_value")
    if len(wire.orders) > ORDERS_MAX:
        raise MalformedMessage(f"The orders file has more than {ORDERS_MAX} orders; split it.", code="orders_value")
    return [_Reader(index, each).order() for index, each in enumerate(wire.orders)]


def _located(message: str) -> str:
    """msgspec's words with its path ("$.orders[2].fills[0].price") in a trader's."""
    what, _, path = message.partition(" - at `")
    found = re.fullmatch(r"\$\.orders\[(\d+)\]\.?(.*)`", path)
    if found is None:
        return f"The orders file: {what}{' at ' + path.rstrip('`') if path else ''}."
    return f"Order {found[1]}{', ' + found[2] if found[2] else ''}: {what}."


class _Reader:
    """Turns one order of the file into integers; knows where it is for the error."""

    def __init__(self, index: int, wire: FileOrder) -> None:
        self.index = index
        self.wire = wire
        self.refuse_unless(0 <= wire.price_decimals <= 9, "price_decimals", "must be 0 to 9")
        self.scale: int = 10**wire.price_decimals

    def order(self) -> TcaOrder:
        """The order."""
        wire = self.wire
        self.refuse_unless(wire.order_qty > 0, "order_qty", "must be above 0 shares")
        fills = tuple(self.fill(each, f"fills[{row}]") for row, each in enumerate(wire.fills))
        return TcaOrder(
            parent_id=wire.parent_id,
            symbol=wire.symbol,
            instrument_id=wire.instrument_id,
            side=wire.side,
            order_qty=wire.order_qty,
            decision_px=self.price(wire.decision_price, "decision_price"),
            arrival_px=self.price(wire.arrival_price, "arrival_price"),
            arrival_ns=self.time(wire.arrival_time, "arrival_time"),
            decision_ns=self.maybe_time(wire.decision_time, "decision_time"),
            start_ns=self.maybe_time(wire.start_time, "start_time"),
            first_route_ns=self.maybe_time(wire.first_route_time, "first_route_time"),
            end_ns=self.maybe_time(wire.end_time, "end_time"),
            end_px=self.maybe_price(wire.end_price, "end_price"),
            end_reason=wire.end_reason,
            fills=fills,
            amendments=self.amendments(),
            returned_qty=self.count(wire.returned_qty, "returned_qty"),
            routes=tuple(self.route(each, f"routes[{row}]") for row, each in enumerate(wire.routes)),
            fees=self.amount(wire.fees, "fees"),
            strategy=wire.strategy,
            forecast=self.forecast(),
            schedule=self.schedule(),
            given=self.given(),
            beta=self.maybe_figure(wire.beta, "beta"),
            adv=self.maybe_figure(wire.adv, "adv"),
            sigma_daily=self.maybe_figure(wire.sigma_daily, "sigma_daily"),
            currency=wire.currency,
            price_scale=self.scale,
            fx_rate=self.fx_rate(),
            fx_currency=None if wire.fx is None else wire.fx.currency,
            calendar=wire.calendar,
            busted=self.count(wire.busted, "busted"),
            corrected=self.count(wire.corrected, "corrected"),
        )

    def fill(self, each: FileFill, where: str) -> TcaFill:
        """One fill; half_spread may not be negative."""
        self.refuse_unless(each.qty > 0, f"{where}.qty", "must be above 0 shares")
        half = None if each.half_spread is None else self.amount(each.half_spread, f"{where}.half_spread")
        self.refuse_unless(half is None or half >= 0, f"{where}.half_spread", "must not be negative")
        return TcaFill(
            ts_ns=self.time(each.time, f"{where}.time"),
            qty=each.qty,
            px=self.price(each.price, f"{where}.price"),
            venue=each.venue,
            venue_kind=each.venue_kind,
            fee=self.amount(each.fee, f"{where}.fee"),
            mid=self.maybe_price(each.mid, f"{where}.mid"),
            half_spread=half,
            liquidity=each.liquidity,
            exec_id=each.exec_id,
            index_return=self.maybe_figure(each.index_return, f"{where}.index_return"),
        )

    def route(self, each: FileRoute, where: str) -> TcaRoute:
        """One order at one venue."""
        self.refuse_unless(each.qty > 0, f"{where}.qty", "must be above 0 shares")
        return TcaRoute(
            venue=each.venue,
            venue_kind=each.venue_kind,
            qty=each.qty,
            filled_qty=self.count(each.filled_qty, f"{where}.filled_qty"),
            sent_ns=self.time(each.sent_time, f"{where}.sent_time"),
            done_ns=self.maybe_time(each.done_time, f"{where}.done_time"),
            route_id=each.route_id,
        )

    def amendments(self) -> tuple[TcaAmendment, ...]:
        """The changes of size, in order of time."""
        read = [
            TcaAmendment(
                ts_ns=self.time(each.time, f"amendments[{row}].time"),
                order_qty=self.count(each.order_qty, f"amendments[{row}].order_qty"),
                px=self.maybe_price(each.price, f"amendments[{row}].price"),
                decision_px=self.maybe_price(each.decision_price, f"amendments[{row}].decision_price"),
            )
            for row, each in enumerate(self.wire.amendments)
        ]
        return tuple(sorted(read, key=lambda each: each.ts_ns))

    def forecast(self) -> TcaForecast | None:
        """What had been forecast, if anything."""
        wire = self.wire.forecast
        if wire is None:
            return None
        return TcaForecast(
            expected_cost_bps=self.figure(wire.expected_cost_bps, "forecast.expected_cost_bps"),
            low_bps=self.figure(wire.low_bps, "forecast.low_bps"),
            high_bps=self.figure(wire.high_bps, "forecast.high_bps"),
            timing_risk_bps=self.figure(wire.timing_risk_bps, "forecast.timing_risk_bps"),
            permanent_bps=self.maybe_figure(wire.permanent_bps, "forecast.permanent_bps"),
            model_version=wire.model_version,
            interval=wire.interval,
        )

    def schedule(self) -> TcaSchedule | None:
        """The plan's cumulative curve, parts from 0 to 1."""
        points = self.wire.schedule
        if not points:
            return None
        times = tuple(self.time(each.time, f"schedule[{row}].time") for row, each in enumerate(points))
        curve = tuple(self.units(each.part, f"schedule[{row}].part", CURVE_ONE) for row, each in enumerate(points))
        self.refuse_unless(
            list(times) == sorted(times) and list(curve) == sorted(curve) and curve[0] >= 0 and curve[-1] <= CURVE_ONE,
            "schedule",
            "must rise in time, and its parts from 0 to 1",
        )
        return TcaSchedule(edges_ns=times, curve=curve)

    def given(self) -> dict[str, int]:
        """Benchmark prices that came with the order."""
        wire = msgspec.structs.asdict(self.wire.benchmarks)
        named = {"post_px" if name == "post_price" else name: text for name, text in wire.items() if text is not None}
        return {name: self.price(text, f"benchmarks.{name}") for name, text in named.items()}

    def price(self, text: str, field: str) -> int:
        """A price above zero, in units."""
        px = self.units(text, field, self.scale)
        self.refuse_unless(px > 0, field, "must be above 0")
        return px

    def maybe_price(self, text: str | None, field: str) -> int | None:
        """A price, or None where none is given."""
        return None if text is None else self.price(text, field)

    def amount(self, text: str, field: str) -> int:
        """Money, which may be negative (a rebate), in price units × shares."""
        return self.units(text, field, self.scale)

    def figure(self, text: str, field: str) -> float:
        """A plain decimal as a float, for models."""
        return self.units(text, field, RATE_SCALE) / RATE_SCALE

    def maybe_figure(self, text: str | None, field: str) -> float | None:
        """A figure, or None where none is given."""
        return None if text is None else self.figure(text, field)

    def units(self, text: str, field: str, scale: int) -> int:
        """Plain decimal text in parts of scale."""
        try:
            return parse_decimal_px(text, scale)
        except MalformedMessage as error:
            sentence = f"{text!r} is not a plain decimal of at most {scale_decimals(scale)} places"
            raise self.refused(field, sentence, "orders_field") from error

    def time(self, text: str, field: str) -> int:
        """A time with its offset, in nanoseconds."""
        try:
            return parse_rfc3339(text)
        except MalformedMessage as error:
            raise self.refused(field, str(error).rstrip("."), "orders_field") from error

    def maybe_time(self, text: str | None, field: str) -> int | None:
        """A time, or None where none is given."""
        return None if text is None else self.time(text, field)

    def count(self, value: int, field: str) -> int:
        """Shares or trades, not negative."""
        self.refuse_unless(value >= 0, field, "must not be negative")
        return value

    def fx_rate(self) -> str | None:
        """The report's currency for one of the order's, kept as text: it multiplies exactly."""
        if self.wire.fx is None:
            return None
        positive = self.units(self.wire.fx.rate, "fx.rate", RATE_SCALE) > 0
        self.refuse_unless(positive, "fx.rate", "must be above 0")
        return self.wire.fx.rate

    def refuse_unless(self, holds: bool, field: str, rule: str) -> None:
        """Stop at a figure that cannot be."""
        if not holds:
            raise self.refused(field, rule, "orders_value")

    def refused(self, field: str, why: str, code: str) -> MalformedMessage:
        """The error, naming the order and the field."""
        return MalformedMessage(f"Order {self.index} ({self.wire.parent_id}), {field}: {why}.", code=code)
