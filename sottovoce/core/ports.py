"""The doors between the core and the world: what each adapter must offer.

Every port has one contract suite under tests/contracts, and every adapter passes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import msgspec

from sottovoce.core.commands import Input, VenueMessage
from sottovoce.core.enums import OrdType, Peg, TimeInForce, VenueKind
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.instrument import Instrument
from sottovoce.core.market import MarketState
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_events import MassStatusRequested, RouteReplaceRequested, StatusRequested

OrderMessage = ChildRouted | RouteCancelRequested | RouteReplaceRequested | StatusRequested
"""What leaves for a venue about one order."""
Outbound = OrderMessage | MassStatusRequested
"""The only messages that leave for a venue; the first and the third can raise exposure."""


class OrderTerms(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Which orders a venue takes; what is not named here it refuses. Quantities are multiples of lot.

    hidden: display_qty 0. reserve: a display_qty below the quantity. min_qty: a least match.
    """

    ord_types: tuple[OrdType, ...] = (OrdType.LIMIT, OrdType.MARKET)
    times_in_force: tuple[TimeInForce, ...] = (TimeInForce.DAY, TimeInForce.IMMEDIATE_OR_CANCEL)
    pegs: tuple[Peg, ...] = ()
    post_only: bool = False
    hidden: bool = False
    reserve: bool = False
    min_qty: bool = False
    lot: int = 1


class VenueFacts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the router and TCA know of a venue: MIC, kind, fees a share in price units, latency, order rules.

    Fees are positive when we pay and negative when we are paid. Dated: in force from effective_from. cutoff_ns is
    how long before an auction or cross its venue takes no more orders and cancels. takes: None where it is not known.
    ticks: (from this price, tick) in price units, rising; () leaves the tick to the instrument. hours are local time.
    """

    venue: str
    name: str
    kind: VenueKind
    make_fee: int
    take_fee: int
    auction_fee: int
    latency_ns: int
    min_qty: int
    effective_from: str
    source: str
    cutoff_ns: int = 0
    takes: OrderTerms | None = None
    ticks: tuple[tuple[int, int], ...] = ()
    hours: str = ""


class Tape(msgspec.Struct, frozen=True, kw_only=True):
    """The market's record of one instrument, as parallel tuples would be, in numpy arrays held as objects.

    quotes: times_ns, bid, ask of the consolidated touch (one row per change kept), and where the source knows
    them the sizes there; trades: times_ns, px, qty, own (1 when we were a party), kind (0 lit, 1 dark or
    off-exchange, 2 auction), and where the source knows it the aggressor (1 bought, -1 sold, 0 neither).
    """

    instrument_id: str
    quote_ns: object
    bid: object
    ask: object
    trade_ns: object
    trade_px: object
    trade_qty: object
    trade_own: object
    trade_kind: object
    bid_size: object = None
    ask_size: object = None
    trade_side: object = None


class Market(Protocol):
    """Every venue of one market, with its consolidated feed: simulated, replayed or real."""

    def venues(self) -> Sequence[VenueFacts]:
        """Facts of the venues, in MIC order."""
        ...

    def send(self, message: Outbound, at_ns: int) -> None:
        """Take an order, a change or a question that left us at at_ns; it arrives after the venue's latency.

        A status request is answered with the order as the venue knows it, or reason UNKNOWN_ORDER; a mass status
        request with one such report for each open order and then MassStatusEnd; a replace with REPLACED, under the
        new ClOrdID, or with a CancelReject that names it.
        """
        ...

    def advance(self, until_ns: int) -> Sequence[tuple[int, VenueMessage]]:
        """Run the market up to until_ns, or to the first news of our own if that is earlier.

        Returns (arrival_ns, message) pairs in order of arrival; arrival_ns may lie after until_ns by the latency.
        """
        ...

    def states(self) -> Mapping[str, MarketState]:
        """The feed's last word per instrument, immutable values."""
        ...

    def tape(self, instrument_id: str) -> Tape:
        """Everything printed and quoted so far."""
        ...


class ReferenceData(Protocol):
    """The instrument master: one numbered version at a time."""

    @property
    def version(self) -> int: ...

    @property
    def digest(self) -> str: ...

    def resolve(self, text: str) -> Instrument | None:
        """The instrument people mean by a symbol, or None."""
        ...

    def get(self, instrument_id: str) -> Instrument | None: ...


class Session(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One trading session, in nanoseconds UTC."""

    date: str
    open_ns: int
    close_ns: int


class TradingCalendar(Protocol):
    """Sessions of a market."""

    def session_at(self, ts_ns: int) -> Session:
        """The session open at ts_ns, or the next one."""
        ...

    def sessions_from(self, ts_ns: int, count: int) -> Sequence[Session]:
        """The session open at ts_ns or the next one, and those after it, count in all."""
        ...


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One input and every event decided because of it: the unit of the journal."""

    ts_ns: int
    feed_seq: int
    input: Input | None
    events: tuple[StageEvent, ...]


class Journal(Protocol):
    """The record. A step is in it whole or not at all; nothing leaves before flush has returned."""

    def append(self, step: Step) -> int:
        """Add a step to the open group; returns its sequence number. Not durable yet."""
        ...

    def flush(self) -> None:
        """Make every appended step durable."""
        ...

    def snapshot(self, states: Mapping[str, bytes]) -> int:
        """Keep the state of every stage beside the steps, its hash in the chain; durable when it returns."""
        ...

    def durable(self) -> int:
        """Sequence number of the last step that would survive the process; what it decided may leave."""
        ...

    def steps(self, after_seq: int = 0) -> Iterator[tuple[int, Step]]:
        """The recorded steps after a sequence number, in order."""
        ...

    def head(self) -> str:
        """Hash of the last step, hex: the journal's digest."""
        ...

    def close(self) -> None:
        """Flush, checkpoint and release the file."""
        ...
