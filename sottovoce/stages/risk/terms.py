"""What binds each path, remembered for as long as no row and no list entry begins or ends."""

from __future__ import annotations

from sottovoce.core.instrument import Instrument
from sottovoce.core.limits import PATHS_MAX, LimitBook, Path
from sottovoce.stages.risk.levels import Levels, Shared, levels_of, lists_of
from sottovoce.stages.risk.lines import one_text
from sottovoce.stages.risk.policy import RiskPolicy
from sottovoce.stages.risk.tight import Lengths


class Terms:
    """One look-up a path: its levels for a decision, the length of its windows for folding what was decided."""

    __slots__ = ("_levels", "_shared", "_stamp", "book", "policy")

    def __init__(self, book: LimitBook, policy: RiskPolicy) -> None:
        self.book, self.policy = book, policy
        self._stamp = 0
        self._levels: dict[Path, Levels] = {}
        self._shared = Shared()

    def levels(self, path: Path, ts_ns: int, instrument: Instrument | None) -> Levels:
        """What binds a path at a time; another version of the instrument has it worked out anew."""
        self._renew(ts_ns)
        found = self._levels.get(path)
        if found is None or found.instrument is not instrument:
            own = Path(*[one_text(name) for name in path])
            found = self._levels[own] = self._made(own, ts_ns, instrument)
        return found

    def lengths(self, path: Path, ts_ns: int) -> Lengths:
        """How long a path's windows are at a time."""
        return self._any(path, ts_ns).tight.lengths

    def line_keys(self, path: Path, ts_ns: int) -> tuple[str, ...]:
        """The keys of the lines an order on a path moves."""
        return self._any(path, ts_ns).keys

    def _any(self, path: Path, ts_ns: int) -> Levels:
        """Levels for what does not depend on the instrument: those of the decision, else (on replay) without one."""
        self._renew(ts_ns)
        found = self._levels.get(path)
        return self.levels(path, ts_ns, None) if found is None else found

    def _renew(self, ts_ns: int) -> None:
        """Forget what no longer holds, and everything where there is too much of it."""
        stamp = self.book.stamp(ts_ns)
        if stamp != self._stamp or len(self._levels) >= PATHS_MAX:
            self._stamp, self._levels, self._shared = stamp, {}, Shared()

    def _made(self, path: Path, ts_ns: int, instrument: Instrument | None) -> Levels:
        lists = lists_of(self.book, path, ts_ns)
        levels = levels_of(self.book.effective(path, ts_ns), path, instrument, lists, self._shared)
        levels.guidelines = tuple([rule for rule in self.policy.guidelines if rule.account == path.account])
        return levels
