"""P10: limits that mean something. What a set of rows says against other rows, the market and what clients use.

Every finding is a failure with its figures; a change with one is refused whole. A figure that is needed and not known
is a finding too, except a client's past use: a new client has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sottovoce.core.instrument import Instrument, known
from sottovoce.core.limit_faults import STAGE, entry_faults, limit_faults, overdue, shown
from sottovoce.core.limits import (
    EVERY,
    KEPT,
    LIMITS,
    Level,
    LimitBook,
    LimitRow,
    ListName,
    ListRow,
    Unit,
)
from sottovoce.core.orders import Failure
from sottovoce.core.ports import ReferenceData
from sottovoce.core.reasons import failure
from sottovoce.stages.limits.config import LimitsPolicy

PPM = 1_000_000
PARTS_OF_VOLUME = ("parent_adv_ppm", "parent_adv_soft_ppm", "child_adv_ppm", "child_adv_soft_ppm")
"""What one order may be of a day's volume; a position may be built over days and held above it."""


class Linter:
    """Judges rows as they would stand: book holds them at ts_ns."""

    def __init__(self, book: LimitBook, reference: ReferenceData, policy: LimitsPolicy, ts_ns: int) -> None:
        self._book = book
        self._reference = reference
        self._policy = policy
        self._ts_ns = ts_ns
        self._peaks = {(peak.account, peak.limit): peak.value for peak in policy.peaks}

    def limits(self, rows: Sequence[LimitRow]) -> list[Failure]:
        """Every finding about these rows, in their order. Rows that end a limit are judged by what is left."""
        found: list[Failure] = []
        for row in rows:
            faults = limit_faults(row)
            found += faults or self._one(row)
        return found

    def lists(self, rows: Sequence[ListRow]) -> list[Failure]:
        """Every finding about these entries, in their order."""
        found: list[Failure] = []
        for row in rows:
            found += entry_faults(row) or self._entry(row)
        return found

    # one limit -------------------------------------------------------------------------------------------

    def _one(self, row: LimitRow) -> list[Failure]:
        if row.removed:
            return list(self._needed(row))
        return [
            *self._review(row),
            *self._instrument(row),
            *self._order_of(row),
            *self._use(row),
            *self._collar(row),
        ]

    def _at(self, row: LimitRow) -> int:
        """When a row is looked at: now, or when it will begin."""
        return max(self._ts_ns, row.from_ns)

    def _needed(self, row: LimitRow) -> Iterator[Failure]:
        """A mandatory limit may be replaced and not taken away."""
        left = self._book.row_at(row.level, row.scope, row.name, self._at(row))
        house = row.level in (Level.FIRM, Level.ORDER) or row.scope == EVERY
        if house and left is None and row.level in LIMITS[row.name].mandatory:
            yield failure(STAGE, "limit_required", shown(row))

    def _review(self, row: LimitRow) -> Iterator[Failure]:
        if overdue(row, self._ts_ns):
            yield failure(STAGE, "limit_review_overdue", f"{shown(row)}: {row.review_date}")

    def _instrument(self, row: LimitRow) -> Iterator[Failure]:
        """A cap above one day's average volume stops nothing (incident I-07: 63 days' volume)."""
        kind = LIMITS[row.name]
        if row.name in PARTS_OF_VOLUME and row.value > PPM:
            yield failure(STAGE, "limit_above_adv", f"{shown(row)}: {row.value:,} ppm of volume", f"{PPM:,} ppm")
        if row.level is not Level.INSTRUMENT or row.scope == EVERY:
            return
        instrument = self._reference.get(row.scope)
        if instrument is None:
            yield failure(STAGE, "limit_scope", f"{shown(row)}: {row.scope!r}", "an instrument of the master")
        elif kind.unit in (Unit.SHARES, Unit.MONEY) and row.name not in ("low_price", "loss", "drawdown"):
            yield from self._cap(row, instrument, kind.unit)

    def _cap(self, row: LimitRow, instrument: Instrument, unit: Unit) -> Iterator[Failure]:
        adv = known(instrument.adv)
        price = known(instrument.close) if unit is Unit.MONEY else 1.0
        if adv is None or price is None:
            yield failure(STAGE, "adv_unknown", f"{shown(row)}: {row.value:,}")
            return
        most = int(adv * price)
        if row.value > most:
            times = row.value / max(most, 1)
            yield failure(STAGE, "limit_above_adv", f"{shown(row)}: {row.value:,}, {times:.1f} x", f"{most:,}")

    def _order_of(self, row: LimitRow) -> Iterator[Failure]:
        """Soft at or below hard, child at or below parent, a narrower level at or below the firm's.

        Asked of the looser side alone: a cut is never refused for what it makes superfluous.
        """
        kind, at = LIMITS[row.name], self._at(row)
        most = self._effective(row, kind.below, at) if kind.below else None
        if most is not None and row.value > most.value:
            code = "limit_soft_above_hard" if kind.soft_of else "limit_child_above_parent"
            yield failure(STAGE, code, f"{shown(row)}: {row.value:,}", f"{kind.below} {most.value:,}")
        if row.level in (Level.FIRM, Level.ORDER):
            return
        firm = self._book.row_at(Level.FIRM, "", row.name, at)
        if firm is not None and kind.tighter(firm.value, row.value):
            yield failure(STAGE, "limit_above_firm", f"{shown(row)}: {row.value:,}", f"{firm.value:,}")

    def _effective(self, row: LimitRow, name: str, at: int) -> LimitRow | None:
        """The row of another name at the same place, else at the order's or the firm's."""
        for level, scope in ((row.level, row.scope), (Level.ORDER, ""), (Level.FIRM, "")):
            found = self._book.row_at(level, scope, name, at)
            if found is not None:
                return found
        return None

    def _use(self, row: LimitRow) -> Iterator[Failure]:
        peak = self._peaks.get((row.scope, row.name)) if row.level is Level.ACCOUNT else None
        if peak is not None and row.value > peak * self._policy.peak_times:
            most = f"{self._policy.peak_times} x {peak:,}"
            yield failure(STAGE, "limit_above_use", f"{shown(row)}: {row.value:,}", most)

    def _collar(self, row: LimitRow) -> Iterator[Failure]:
        venues = [None] if row.level is not Level.INSTRUMENT else [self._mic(row.scope)]
        for collar in self._policy.venue_collars:
            mine = venues == [None] or collar.venue in (EVERY, *venues)
            if collar.limit == row.name and mine and row.value > collar.ppm:
                most = f"{collar.ppm:,} ppm at {'every venue' if collar.venue == EVERY else collar.venue}"
                yield failure(STAGE, "limit_above_collar", f"{shown(row)}: {row.value:,} ppm", most)

    def _mic(self, instrument_id: str) -> str | None:
        instrument = self._reference.get(instrument_id)
        return None if instrument is None else instrument.mic

    # one entry -------------------------------------------------------------------------------------------

    def _entry(self, row: ListRow) -> Iterator[Failure]:
        if row.removed:
            if row.instrument_id == KEPT and (row.list_name, row.level) == (ListName.RESTRICTED, Level.FIRM):
                yield failure(STAGE, "limit_required", shown(row))
            return
        if row.instrument_id != KEPT and self._reference.get(row.instrument_id) is None:
            yield failure(STAGE, "list_unknown_instrument", f"{shown(row)}: {row.instrument_id!r}")
        at = max(self._ts_ns, row.from_ns)
        if self._book.entry_at(row.list_name, KEPT, row.level, row.scope, at) is None:
            yield failure(STAGE, "list_not_kept", shown(row))
