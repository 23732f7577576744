"""T-MKT-4 and 5: price bands and market-wide breakers."""

from __future__ import annotations

from collections.abc import Iterator

from sottovoce.models.protections.breakers import breaker_levels, breakers_on
from sottovoce.models.protections.luld_bands import Tier, bands, table_on
from tools.figure_row import Row, exact

DATE = "2026-11-23"
DOLLAR = 1_000_000
BANDS = (
    (Tier.ONE, 100.0, "95.00–105.00", "90.00–110.00"),
    (Tier.TWO, 20.0, "18.00–22.00", "18.00–22.00"),
    (Tier.TWO, 2.0, "1.60–2.40", "1.20–2.80"),
    (Tier.TWO, 0.5, "0.35–0.65", "0.20–0.80"),
    (Tier.TWO, 0.1, "0.03–0.18", None),
)


def rows() -> Iterator[Row]:
    """Bands by tier and reference, normal and doubled, and the index levels that halt the market."""
    table = table_on(DATE)
    for tier, dollars, normal, late in BANDS:
        px = round(dollars * DOLLAR)
        for when, expected in (("", normal), (", last 25 min", late)):
            if expected is not None:
                low, high = bands(table, px, px, tier, doubled=bool(when))
                got = f"{low / DOLLAR:.2f}–{high / DOLLAR:.2f}"
                yield exact("T-MKT-4", f"tier {tier.value}, reference {dollars:g}{when}", got, expected)
    levels = " / ".join(f"{level / 100:,.0f}" for level in breaker_levels(500_000, breakers_on(DATE)))
    yield exact("T-MKT-5", "breakers after a close of 5,000", levels, "4,650 / 4,350 / 4,000")
