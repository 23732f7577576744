"""How much of its limits each account used in a run: the record folded again, the worst case read after each step."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from sottovoce.core.limits import Level, LimitBook
from sottovoce.core.ports import Step
from sottovoce.runtime.system import System
from sottovoce.stages.risk.limits import DOLLAR
from sottovoce.stages.risk.state import RiskState

ACCOUNT = "account:"


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """The most an account had at risk, whole currency rounded up, beside its limit at the end (None: it has none)."""

    account: str
    limit: str
    peak: int
    value: int | None


def peak_use(system: System, steps: Iterable[tuple[int, Step]], book: LimitBook) -> list[Use]:
    """Fold the steps into a fresh system and keep every account's peaks; book holds the limits at their end."""
    risk = system.stage("risk")
    peaks: dict[tuple[str, str], int] = {}
    last_ns = 0
    for _, step in steps:
        last_ns = max(last_ns, step.ts_ns)
        for event in step.events:
            system.apply(event)
        state = risk.state()
        assert isinstance(state, RiskState)
        for scope, totals in state.exposure.totals.items():
            account = scope.removeprefix(ACCOUNT)
            if scope.startswith(ACCOUNT) and "|" not in account:
                for limit, figure in (("gross", totals.gross), ("net", totals.net)):
                    peaks[account, limit] = max(peaks.get((account, limit), 0), figure)
    return [_use(account, limit, peak, book, last_ns) for (account, limit), peak in sorted(peaks.items())]


def _use(account: str, limit: str, peak: int, book: LimitBook, ts_ns: int) -> Use:
    row = book.row_at(Level.ACCOUNT, account, limit, ts_ns)
    return Use(account=account, limit=limit, peak=-(-peak // DOLLAR), value=None if row is None else row.value)
