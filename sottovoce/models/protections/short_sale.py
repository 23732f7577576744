"""The short-sale test of Rule 201: after a fall of a tenth, shorts only above the best bid.

A stock that trades at or below 90 % of yesterday's close is restricted for the rest of that session and the whole of
the next. While restricted a short sale (not marked exempt) may be shown and executed only above the national best
bid. Figures are effective-dated data. Source: markets reference §2; day of effect unverified.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.errors import ModelError
from sottovoce.models.dated_rules import in_force

PPM = 1_000_000


class ShortSaleRule(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The fall that triggers, parts per million of yesterday's close, and how many later sessions it lasts."""

    effective_from: str
    fall_ppm: int
    later_sessions: int
    source: str


SHORT_SALE_RULES: tuple[ShortSaleRule, ...] = (
    ShortSaleRule(
        effective_from="2011-02-28",
        fall_ppm=100_000,
        later_sessions=1,
        source="Regulation SHO Rule 201, markets reference §2; day of effect unverified",
    ),
)


class ShortSaleTest:
    """One stock's restriction from session to session. Prices in units; sessions are begun in order."""

    def __init__(self, rules: tuple[ShortSaleRule, ...] = SHORT_SALE_RULES) -> None:
        self._rules = rules
        self._trigger_px_ppm = 0
        self._later_sessions = 0
        self._left = 0
        self.restricted = False

    def begin(self, date: str, previous_close: int) -> None:
        """A session begins: a restriction of the session before may go on.

        Args: date: ISO. previous_close: units, > 0.
        Raises: ModelError `not_positive`, `no_short_sale_rule`.
        """
        if previous_close <= 0:
            raise ModelError(f"Yesterday's close is {previous_close}; it must be above zero.", code="not_positive")
        rule = in_force(self._rules, date, "short-sale test", "no_short_sale_rule")
        self._trigger_px_ppm = previous_close * (PPM - rule.fall_ppm)
        self._later_sessions = rule.later_sessions
        self.restricted = self._left > 0
        self._left = max(0, self._left - 1)

    def trade(self, px: int) -> bool:
        """A last sale printed; returns whether shorts are restricted from now on."""
        if px * PPM <= self._trigger_px_ppm:
            self.restricted = True
            self._left = self._later_sessions
        return self.restricted

    def allows(self, px: int, best_bid: int) -> bool:
        """Whether a short sale at a price may stand or trade while the best bid is this one (0 for none)."""
        return not self.restricted or px > best_bid

    def lowest_px(self, best_bid: int, tick: int) -> int:
        """The lowest price on a tick at which a short may be offered now; 0 when there is no restriction."""
        return best_bid // tick * tick + tick if self.restricted else 0
