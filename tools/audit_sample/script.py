"""The script of the sample order: held, released, amended, partly filled, one trade undone by the venue, rest canceled.

A real desk works it on the simulated market; only the people and the venue's bust are scripted.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.clock import VirtualClock
from sottovoce.adapters.journal.checkpoint_store import CheckpointStore
from sottovoce.adapters.journal.notary import Notary, SignedJournal
from sottovoce.adapters.journal.signing import generate_key, load_signer
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.adapters.simulated.market import SimulatedMarket
from sottovoce.core.clock_commands import ClockReading
from sottovoce.core.commands import AmendOrder, CancelOrder, ExecutionReport, NewOrder, ReleaseHold
from sottovoce.core.enums import ExecType, OrdStatus, Side, Strategy
from sottovoce.core.execution_events import Fill
from sottovoce.core.override_commands import OverrideReason
from sottovoce.core.plan_events import OrderHeld
from sottovoce.core.ports import Journal, Step
from sottovoce.core.units import NS_PER_MINUTE, NS_PER_SECOND
from sottovoce.runtime.config import ACCOUNT, SIMULATED_RISK, TRADER, Config
from sottovoce.runtime.founding import founding
from sottovoce.runtime.metrics import NoMetrics
from sottovoce.runtime.run import Run, prepare_run

DATE, SYMBOL, SEED = "2018-02-08", "MSFT", 7
CLIENT_ID = "ALPHA-17"
SIZE, AMENDED_SIZE, LIMIT = 300_000, 240_000, "92.00"
REASON = "the client confirmed the size by telephone, ticket 4471"
HORIZON_NS = 90 * NS_PER_MINUTE


class Sample(NamedTuple):
    """Where everything is: the journal, the second store, the public key, and the order's own id."""

    journal: Path
    checkpoints: Path
    public_key: Path
    order_id: str


def make_sample(folder: Path, wall_ns: Callable[[], int] | None = None) -> Sample:
    """Run the script in a folder. wall_ns dates the checkpoints; the run's own virtual clock when not given."""
    private, public = generate_key(folder / "key")
    path, store = folder / "journal.db", folder / "second" / "checkpoints.jsonl"
    meta = founding(Config(), load_shipped()) | {"market": "sim", "seed": str(SEED), "date": DATE}
    inner = SqliteJournal(path, meta)
    session = load_calendar().sessions(DATE, 1)[0]
    clock = VirtualClock(session.open_ns)
    notary = Notary(inner.head(), CheckpointStore(store, path), load_signer(private), wall_ns or clock.now_ns)
    journal = SignedJournal(inner, notary, clock.now_ns)
    try:
        order_id = _play(_desk(journal, clock))
    finally:
        journal.close()
    return Sample(path, store, public, order_id)


def _desk(journal: Journal, clock: VirtualClock) -> Run:
    reference, calendar = load_shipped(), load_calendar()
    instrument = reference.resolve(SYMBOL)
    assert instrument is not None
    sessions = calendar.sessions(DATE, 1)
    run = prepare_run(
        market=SimulatedMarket([instrument], sessions, SEED),
        sessions=sessions,
        reference=reference,
        calendar=calendar,
        journal=journal,
        clock=clock,
        metrics=NoMetrics(),
        config=Config(),
        approve=False,
    )
    run.open()
    return run


def _play(run: Run) -> str:
    """Everything the people and the venue do; returns the order's id."""
    desk, start_ns = run.desk, run.now_ns
    fills: list[Fill] = []
    desk.watch(lambda _, step: fills.extend(_fills(step)))
    desk.schedule(start_ns, ClockReading(offset_ns=-84_000, error_ns=41_000, source="chrony"))
    desk.run_until(start_ns + NS_PER_SECOND)
    held = _held(run.submit(_order(run.now_ns)))
    parent = held.parent_id
    _wait(run, 2 * NS_PER_MINUTE)
    release = ReleaseHold(
        principal=SIMULATED_RISK, parent_id=parent, plan_digest=held.plan_digest,
        reason_code=OverrideReason.CLIENT_INSTRUCTION, reason=REASON,
    )  # fmt: skip
    desk.submit(release)
    _wait(run, 12 * NS_PER_MINUTE)
    desk.submit(AmendOrder(principal=TRADER, parent_id=parent, order_qty=AMENDED_SIZE, price=LIMIT))
    _wait(run, 10 * NS_PER_MINUTE)
    desk.schedule(run.now_ns, _bust(max(fills, key=lambda fill: fill.qty), run.now_ns))
    _wait(run, 4 * NS_PER_MINUTE)
    desk.submit(CancelOrder(principal=TRADER, parent_id=parent))
    _wait(run, 2 * NS_PER_MINUTE)
    return parent


def _order(now_ns: int) -> NewOrder:
    return NewOrder(
        principal=TRADER,
        account=ACCOUNT,
        cl_ord_id=CLIENT_ID,
        symbol=SYMBOL,
        side=Side.BUY,
        order_qty=SIZE,
        strategy=Strategy.VWAP,
        end_ns=now_ns + HORIZON_NS,
        note="rebalance, no rush",
    )


def _bust(fill: Fill, now_ns: int) -> ExecutionReport:
    """The venue takes a trade back (ExecType 150 = H): what it says of the order itself does not change."""
    return ExecutionReport(
        parent_id=fill.parent_id,
        venue=fill.venue,
        cl_ord_id=fill.cl_ord_id,
        exec_id=f"{fill.exec_id}-B",
        exec_type=ExecType.TRADE_CANCEL,
        ord_status=OrdStatus.NEW,
        cum_qty=0,
        leaves_qty=0,
        transact_ns=now_ns,
        last_qty=fill.qty,
        last_px=fill.px,
        exec_ref_id=fill.exec_id,
        text="clearly erroneous",
    )


def _held(step: Step) -> OrderHeld:
    return next(event for event in step.events if isinstance(event, OrderHeld))


def _fills(step: Step) -> list[Fill]:
    return [event for event in step.events if isinstance(event, Fill)]


def _wait(run: Run, ns: int) -> None:
    run.desk.run_until(run.now_ns + ns)
