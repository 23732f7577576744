"""What must be equal when the smoke has cleared: what was said, what is recorded, what the venue knows."""

from __future__ import annotations

from pathlib import Path

import msgspec

from sottovoce.adapters.journal.sqlite_journal import open_for_reading
from sottovoce.adapters.journal.verify import verify
from sottovoce.adapters.loopback_venue.book import Repeated, Taken
from sottovoce.adapters.loopback_venue.record import read_record
from sottovoce.core.enums import ExecType
from sottovoce.core.execution_events import Fill
from sottovoce.core.order_events import OrderAccepted, OrderRefused
from sottovoce.core.route_events import ChildRouted
from sottovoce.runtime.memory import Memory
from sottovoce.runtime.recovery import rebuild
from tools.chaos_run.setting import Setting


class Comparison(msgspec.Struct, kw_only=True):
    """Every list must be empty, every pair equal."""

    acknowledged_lost: list[str] = []
    duplicates_at_venue: int = 0
    fills_lost: list[str] = []
    fills_invented: list[str] = []
    fills_twice: list[str] = []
    over_ordered: list[str] = []
    orders_unknown_to_us: list[str] = []
    digests: dict[str, str] = {}
    verify_faults: list[str] = []
    steps: int = 0
    events: int = 0
    orders_at_venue: int = 0
    fills: int = 0

    @property
    def sound(self) -> bool:
        """Whether nothing was lost, doubled or unequal."""
        lists = (
            self.acknowledged_lost, self.fills_lost, self.fills_invented, self.fills_twice, self.over_ordered,
            self.orders_unknown_to_us, self.verify_faults,
        )  # fmt: skip
        return not any(lists) and not self.duplicates_at_venue and len(set(self.digests.values())) == 1


def compare(setting: Setting, journal: Path, record: Path, acknowledged: list[str], live: str) -> Comparison:
    """Read both records from their files and hold them against each other and against what the client was told."""
    found = Comparison(digests={"live": live}, verify_faults=list(verify(journal).faults))
    traded: dict[str, int] = {}
    ours: dict[str, int] = {}
    wanted: dict[str, int] = {}
    known: set[str] = set()
    sent: set[str] = set()
    reading = open_for_reading(journal)
    for _, step in reading.steps(with_evidence=False):
        found.steps, found.events = found.steps + 1, found.events + len(step.events)
        for event in step.events:
            if isinstance(event, Fill):
                if event.exec_id in ours:
                    found.fills_twice.append(event.exec_id)
                ours[event.exec_id] = event.qty
                traded[event.parent_id] = traded.get(event.parent_id, 0) + event.qty
            elif isinstance(event, OrderAccepted):
                wanted[event.parent_id] = event.order.order_qty
                known.add(event.parent_id)
            elif isinstance(event, OrderRefused):
                known.add(event.parent_id)
            elif isinstance(event, ChildRouted):
                sent.add(event.route.cl_ord_id)
    _hold_against_venue(found, record, ours, sent)
    found.acknowledged_lost = [parent for parent in acknowledged if parent not in known]
    found.over_ordered = [parent for parent, qty in traded.items() if qty > wanted[parent]]
    for name, from_empty in (("from empty", True), ("from snapshot", False)):
        memory = Memory(setting.system())
        rebuild(memory, reading, from_empty=from_empty)
        found.digests[name] = memory.digest()
    reading.close()
    return found


def _hold_against_venue(found: Comparison, record: Path, ours: dict[str, int], sent: set[str]) -> None:
    theirs: dict[str, int] = {}
    for line in read_record(record):
        if isinstance(line, Repeated):
            found.duplicates_at_venue += 1
        elif isinstance(line, Taken):
            found.orders_at_venue += 1
            if line.route.cl_ord_id not in sent:
                found.orders_unknown_to_us.append(line.route.cl_ord_id)
        elif line.exec_type is ExecType.TRADE:
            theirs[line.exec_id] = line.last_qty
    found.fills = len(theirs)
    found.fills_lost = [name for name, qty in theirs.items() if ours.get(name) != qty]
    found.fills_invented = [name for name in ours if name not in theirs]
