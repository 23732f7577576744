"""All that the risk stage remembers. Every part is the same in whatever order the news of different parents came."""

from __future__ import annotations

import msgspec

from sottovoce.core.halts import Halts
from sottovoce.core.limits import LimitRows
from sottovoce.core.orders import Failure, ParentOrder
from sottovoce.stages.risk.exposure import Exposure
from sottovoce.stages.risk.interest import Interest
from sottovoce.stages.risk.windows import Path, Window


class Locate(msgspec.Struct, kw_only=True, gc=False):
    """Shares set aside for an account's short sales; left is what no order has taken yet."""

    account: str
    instrument_id: str
    qty: int
    left: int
    expires_ns: int


class Sample(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How much the market, the order, and all our orders in the name (own_qty) had traded at a moment."""

    ts_ns: int
    market_volume: int
    filled: int
    own_qty: int = 0


class Running(msgspec.Struct, kw_only=True):
    """One parent at work: its fills and re-entries lately, the prices it asked for, and the locate it has taken.

    cap_ppm is its plan's largest participation, 0 where it has none; flow the samples it is judged by.
    """

    strategy: str = ""
    cap_ppm: int = 0
    filled: int = 0
    flow: list[Sample] = []
    fills: Window = msgspec.field(default_factory=Window)
    reentries: Window = msgspec.field(default_factory=Window)
    fast: Path = msgspec.field(default_factory=Path)
    slow: Path = msgspec.field(default_factory=Path)
    located: int = 0


class Waiting(msgspec.Struct, kw_only=True):
    """An order whose outside checks are not all answered: check → whether it passed, None while nobody has said."""

    order: ParentOrder
    answers: dict[str, bool | None]
    holds: tuple[Failure, ...] = ()
    flags: tuple[str, ...] = ()


class RouteSize(msgspec.Struct, kw_only=True, gc=False):
    """What one order at a venue asks for, the larger of old and new while a replace is unanswered (P4)."""

    child_id: str
    qty: int


class RiskState(msgspec.Struct, kw_only=True):
    """limits: None until the first change, which is to say the rows the desk started with.

    open: parents not done, per "instrument|side|capacity"; house_ns: the last house order per "instrument|side";
    rates: messages lately per counted scope; refused: refusals for rate lately, likewise; routes by ClOrdID;
    own: shares all our orders have traded, by instrument; peaks: the best result of the day by scope; loss_warned:
    scopes told of a loss; stale_marks: held names without a price, since when; bands_doubted: price bands
    not believed, by instrument.
    """

    exposure: Exposure = msgspec.field(default_factory=Exposure)
    orders: dict[str, ParentOrder] = {}
    halts: Halts = msgspec.field(default_factory=Halts)
    limits: LimitRows | None = None
    running: dict[str, Running] = {}
    interest: Interest = msgspec.field(default_factory=Interest)
    routes: dict[str, RouteSize] = {}
    latches: dict[str, Failure] = {}
    rates: dict[str, Window] = {}
    refused: dict[str, Window] = {}
    locates: dict[str, Locate] = {}
    known_accounts: dict[str, bool] = {}
    short_tests: dict[str, int] = {}
    open: dict[str, int] = {}
    house_ns: dict[str, int] = {}
    own: dict[str, int] = {}
    waiting: dict[str, Waiting] = {}
    mark_number: int = 0
    peaks: dict[str, int] = {}
    loss_warned: dict[str, bool] = {}
    stale_marks: dict[str, int] = {}
    bands_doubted: dict[str, tuple[int, int]] = {}
