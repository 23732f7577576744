"""The limits on one order as plain figures, so that a check that passes is one comparison.

Made once for each set of rows and shared by every path they bind, which keeps the figures near the processor. The row
itself is looked up only to say which one was broken.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from sottovoce.core.limits import Bound
from sottovoce.core.units import NS_PER_MINUTE, NS_PER_SECOND

PPM: Final = 1_000_000
DOLLAR: Final = 1_000_000
"""Price units x shares in one unit of currency at a price scale of 1e6."""
NEVER: Final = (1 << 62) - 1
"""The figure of a limit nobody has set: more than any order, and the largest that compiled code keeps in a register."""
RATES = ("strategy_rate", "instrument_rate", "trader_rate", "session_rate")
"""The limits on messages, in the order of the scopes they are counted in."""


class Lengths(NamedTuple):
    """The windows of PT-06, AT-06 and PT-10, in ns: the house's where no row says otherwise."""

    fast_ns: int = NS_PER_MINUTE
    slow_ns: int = 10 * NS_PER_MINUTE
    envelope_ns: int = NS_PER_MINUTE
    rerun_ns: int = 10 * NS_PER_SECOND


HOUSE: Final = Lengths()


class Tight:
    """The tightest row on a path for each limit on one order.

    Money is price units times shares; *_ppm, *_ns, *_days and shares are as in the rows. *_warn is where a value is
    noted; rates are the messages a second that new orders may use of each of RATES, cancels' part taken off; lengths
    are those of the windows that are kept whether or not a row says how long.
    """

    __slots__ = (
        "adv_age_days", "bounds", "child_adv_ppm", "child_adv_soft_ppm", "child_qty_soft", "child_value",
        "child_value_soft", "child_warn", "drift_fast_ns", "drift_fast_ppm", "drift_slow_ns", "drift_slow_ppm",
        "envelope_ns", "envelope_ppm", "lengths", "liquid_adv_qty", "low_price", "outstanding_ppm", "parent_adv_ppm",
        "parent_adv_soft_ppm", "parent_qty", "parent_value", "parent_warn", "passive_warn_ppm", "price_age_liquid_ns",
        "rates", "rerun_entries", "rerun_fills", "rerun_window_ns", "reserve_ppm",
    )  # fmt: skip

    def __init__(self, bounds: Mapping[str, Bound]) -> None:
        self.bounds: dict[str, Bound] = dict(bounds)
        self._sizes()
        self._prices()
        self._paces()

    def get(self, name: str) -> Bound | None:
        """The row that binds, or None."""
        return self.bounds.get(name)

    def figure(self, name: str, missing: int = NEVER) -> int:
        """The value of a limit, or what stands for none."""
        bound = self.bounds.get(name)
        return missing if bound is None else bound.value

    def money(self, name: str) -> int:
        """The value of a limit in price units times shares."""
        bound = self.bounds.get(name)
        return NEVER if bound is None else bound.value * DOLLAR

    def _sizes(self) -> None:
        self.parent_value, self.parent_warn = self.money("parent_value"), self._noted("parent_value")
        self.child_value, self.child_warn = self.money("child_value"), self._noted("child_value")
        self.child_value_soft = self.money("child_value_soft")
        self.parent_qty, self.child_qty_soft = self.figure("parent_qty"), self.figure("child_qty_soft")
        self.parent_adv_ppm = self.figure("parent_adv_ppm")
        self.parent_adv_soft_ppm = self.figure("parent_adv_soft_ppm")
        self.child_adv_ppm, self.child_adv_soft_ppm = self.figure("child_adv_ppm"), self.figure("child_adv_soft_ppm")
        self.outstanding_ppm = self.figure("outstanding_ppm")
        self.adv_age_days = self.figure("adv_age_days")

    def _prices(self) -> None:
        self.low_price = 0 if "low_price" not in self.bounds else self.money("low_price")
        self.liquid_adv_qty = self.figure("liquid_adv_qty")
        self.passive_warn_ppm = self.figure("passive_warn_ppm")
        self.price_age_liquid_ns = self.figure("price_age_liquid_ns")
        self.reserve_ppm = self.figure("reserve_ppm", 0)
        self.drift_fast_ppm, self.drift_fast_ns = self.figure("drift_fast_ppm"), self.figure("drift_fast_ns")
        self.drift_slow_ppm, self.drift_slow_ns = self.figure("drift_slow_ppm"), self.figure("drift_slow_ns")

    def _paces(self) -> None:
        left = PPM - self.figure("cancel_reserve_ppm", 0)
        self.rates: tuple[int, ...] = tuple([self._usable(name, left) for name in RATES])
        self.rerun_window_ns = self.figure("rerun_window_ns")
        self.rerun_fills, self.rerun_entries = self.figure("rerun_fills"), self.figure("rerun_entries")
        self.envelope_ns, self.envelope_ppm = self.figure("envelope_ns"), self.figure("envelope_ppm")
        self.lengths = Lengths(
            fast_ns=self.figure("drift_fast_ns", HOUSE.fast_ns),
            slow_ns=self.figure("drift_slow_ns", HOUSE.slow_ns),
            envelope_ns=self.figure("envelope_ns", HOUSE.envelope_ns),
            rerun_ns=self.figure("rerun_window_ns", HOUSE.rerun_ns),
        )

    def _usable(self, name: str, left_ppm: int) -> int:
        bound = self.bounds.get(name)
        return NEVER if bound is None else bound.value * left_ppm // PPM

    def _noted(self, name: str) -> int:
        """The value above which a size is noted, though its hard limit lets it pass."""
        part = self.bounds.get("value_warn_ppm")
        return NEVER if part is None or name not in self.bounds else self.money(name) * part.value // PPM
