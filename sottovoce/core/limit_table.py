"""Every limit there is: its unit, what it bounds, the control it serves and the house's figure.

A limit's name never changes its meaning. The figures are defaults for a desk that has not set its own; they become
rows like any other (core/limit_rows.py), so nothing in force is hidden in code. Only what some stage compares orders
with stands here; what merely makes an order wait for a person, or watches a market, is configured where it is asked.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sottovoce.core.enums import Word
from sottovoce.core.units import NS_PER_MINUTE, NS_PER_SECOND


class Level(Word):
    """Where a limit stands, widest first. An order is bound by every level on its path."""

    FIRM = "firm"
    DESK = "desk"
    TRADER = "trader"
    ACCOUNT = "account"
    STRATEGY = "strategy"
    INSTRUMENT = "instrument"
    ORDER = "order"


class Unit(Word):
    """What a limit's whole number counts."""

    MONEY = "currency"
    SHARES = "shares"
    PPM = "ppm"
    COUNT = "count"
    PER_SECOND = "per second"
    NS = "ns"
    BPS = "bps"
    TIMES = "times"
    DAYS = "days"


class LimitKind(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a name means. value is compared in unit; money is whole currency, parts are parts per million.

    sums: each level's own total is compared with that level's row, else the tightest row on the path binds one order.
    higher_is_tighter: a longer window or a larger reserve is the stricter. soft_of: the hard limit this one warns of;
    child_of: its parent's. mandatory: levels at which a missing row stops the order. house: the defaults, by level, for
    every scope there.
    """

    unit: Unit
    meaning: str
    control: str
    house: tuple[tuple[Level, int], ...] = ()
    mandatory: tuple[Level, ...] = ()
    sums: bool = False
    higher_is_tighter: bool = False
    soft_of: str = ""
    child_of: str = ""

    @property
    def below(self) -> str:
        """The limit this one must not exceed, or it would never bind; "" for none."""
        return self.soft_of or self.child_of

    def tighter(self, value: int, other: int) -> bool:
        """Whether value is stricter than other."""
        return value > other if self.higher_is_tighter else value < other


_F, _D, _T, _A, _S, _I, _O = Level
_SECOND, _MINUTE = NS_PER_SECOND, NS_PER_MINUTE


def _order(
    unit: Unit, value: int, control: str, meaning: str, *, soft_of: str = "", child_of: str = "", higher: bool = False
) -> LimitKind:
    """A limit on one order, with a house figure that must be there."""
    return LimitKind(
        unit=unit,
        meaning=meaning,
        control=control,
        house=((_O, value),),
        mandatory=(_O,),
        soft_of=soft_of,
        child_of=child_of,
        higher_is_tighter=higher,
    )


def _total(
    control: str,
    meaning: str,
    house: tuple[tuple[Level, int], ...] = (),
    mandatory: tuple[Level, ...] = (),
    unit: Unit = Unit.MONEY,
) -> LimitKind:
    """A limit on what a level adds up to."""
    return LimitKind(unit=unit, meaning=meaning, control=control, house=house, mandatory=mandatory, sums=True)


LIMITS: Mapping[str, LimitKind] = {
    # what a level may hold and promise
    "gross": _total("PT-01", "worst-case exposure, both sides added", mandatory=(_F, _T, _A)),
    "net": _total("PT-01", "worst-case exposure if one side trades and the other does not", mandatory=(_F, _A)),
    "sector_gross": _total("PT-01", "worst-case exposure to any one sector"),
    "country_gross": _total("PT-01", "worst-case exposure to any one country"),
    "concentration_ppm": _total("PT-01", "part of the level's gross limit that one instrument may be", unit=Unit.PPM),
    "exposure_hold_ppm": _order(Unit.PPM, 800_000, "PT-01", "part of an exposure limit above which a person looks"),
    "position_value": _total("PT-11", "position in one instrument, with what is open", ((_I, 100_000_000),)),
    "position_adv_ppm": _total("PT-11", "position in one instrument as a part of average daily volume",
                               ((_I, 500_000),), unit=Unit.PPM),
    "loss": _total("AT-10", "loss since the day began", ((_D, 1_000_000), (_S, 250_000))),
    "drawdown": _total("AT-10", "fall of the day's result from its best", ((_D, 1_000_000), (_S, 250_000))),
    "loss_warn_ppm": _order(Unit.PPM, 500_000, "AT-10", "part of a loss limit at which the desk is warned"),
    # one parent, one child
    "parent_value": _order(Unit.MONEY, 250_000_000, "PT-02", "value of a parent at its worst price"),
    "child_value": _order(Unit.MONEY, 50_000_000, "PT-02", "value of a child at its limit", child_of="parent_value"),
    "child_value_soft": _order(Unit.MONEY, 10_000_000, "PT-02", "value of a child worth noting", soft_of="child_value"),
    "value_warn_ppm": _order(Unit.PPM, 500_000, "PT-02", "part of a hard value limit at which it is noted"),
    "parent_qty": _order(Unit.SHARES, 20_000_000, "PT-03", "shares of a parent"),
    "parent_adv_ppm": _order(Unit.PPM, 1_000_000, "PT-03", "parent as a part of average daily volume"),
    "parent_adv_soft_ppm": _order(Unit.PPM, 300_000, "PT-03", "part of daily volume above which a person looks",
                                  soft_of="parent_adv_ppm"),
    "child_qty_soft": _order(Unit.SHARES, 100_000, "PT-03", "shares of a child worth noting"),
    "child_adv_ppm": _order(Unit.PPM, 50_000, "PT-03", "child as a part of average daily volume",
                            child_of="parent_adv_ppm"),
    "child_adv_soft_ppm": _order(Unit.PPM, 10_000, "PT-03", "part of daily volume of a child worth noting",
                                 soft_of="child_adv_ppm"),
    "outstanding_ppm": _order(Unit.PPM, 10_000, "PT-03", "order as a part of the shares outstanding"),
    # baskets
    "basket_value": _order(Unit.MONEY, 250_000_000, "PT-04", "gross value of a list"),
    "basket_value_soft": _order(Unit.MONEY, 50_000_000, "PT-04", "gross value of a list above which a person looks",
                                soft_of="basket_value"),
    "basket_legs": _order(Unit.COUNT, 2_000, "PT-04", "legs of a list"),
    "basket_ratio_ppm": _order(Unit.PPM, 1_250_000, "PT-04", "computed over declared value of a list, either way up"),
    # prices
    "collar_liquid_ppm": _order(Unit.PPM, 30_000, "PT-05", "how far through the market, liquid names"),
    "collar_other_ppm": _order(Unit.PPM, 50_000, "PT-05", "how far through the market, other names"),
    "collar_low_price_ppm": _order(Unit.PPM, 100_000, "PT-05", "how far through the market, names of a low price"),
    "low_price": _order(Unit.MONEY, 5, "PT-05", "price below which a name is of a low price"),
    "liquid_adv_qty": _order(Unit.SHARES, 1_000_000, "PT-05", "average daily volume of a liquid name", higher=True),
    "passive_warn_ppm": _order(Unit.PPM, 200_000, "PT-05", "how far from the market a passive price is noted"),
    "reserve_ppm": _order(Unit.PPM, 100_000, "PT-01", "above the market, the worst price of an order without a limit",
                          higher=True),
    "drift_fast_ppm": _order(Unit.PPM, 15_000, "PT-06", "own price against the short window's start"),
    "drift_fast_ns": _order(Unit.NS, 60 * _SECOND, "PT-06", "the short window", higher=True),
    "drift_slow_ppm": _order(Unit.PPM, 30_000, "PT-06", "own price against the long window's start"),
    "drift_slow_ns": _order(Unit.NS, 10 * _MINUTE, "PT-06", "the long window", higher=True),
    "protection_ppm": _order(Unit.PPM, 10_000, "PT-07", "how far from the touch an unpriced order may trade"),
    # repetition and rate
    "strategy_rate": _order(Unit.PER_SECOND, 50, "PT-09", "messages of one strategy"),
    "session_rate": _order(Unit.PER_SECOND, 100, "PT-09", "messages of one venue session"),
    "instrument_rate": _order(Unit.PER_SECOND, 20, "PT-09", "messages in one instrument"),
    "trader_rate": _order(Unit.PER_SECOND, 100, "PT-09", "messages of one trader"),
    "cancel_reserve_ppm": _order(Unit.PPM, 200_000, "PT-09", "part of every rate kept for cancels", higher=True),
    "rerun_fills": _order(Unit.COUNT, 500, "PT-10", "fills of a strategy in the rerun window without a person"),
    "rerun_entries": _order(Unit.COUNT, 50, "PT-10", "re-entries of a strategy in the rerun window"),
    "rerun_window_ns": _order(Unit.NS, 10 * _SECOND, "PT-10", "the rerun window", higher=True),
    # age
    "price_age_liquid_ns": _order(Unit.NS, 2 * _SECOND, "PT-26", "age of a price, liquid names"),
    "adv_age_days": _order(Unit.DAYS, 3, "PT-26", "age of the average daily volume, in sessions"),
    # while trading
    "envelope_ppm": _order(Unit.PPM, 20_000, "AT-06", "participation above the plan's cap"),
    "envelope_ns": _order(Unit.NS, 60 * _SECOND, "AT-06", "how long participation may be above the cap"),
}  # fmt: skip
