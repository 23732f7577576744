"""The worked order of the TCA reference §2, as a buy and as its mirror image."""

from __future__ import annotations

from sottovoce.models.shortfall import ShortfallSlice, fills

SCALE = 1_000_000
INDEX_RETURNS = (0.0002, 0.0010, 0.0004)
BETA = 1.2


def units(dollars: float) -> int:
    """Dollars to price units."""
    return round(dollars * SCALE)


def worked_order(side_sign: int = 1) -> ShortfallSlice:
    """100,000 shares, 80,000 filled, 20,000 canceled; a sell has every price reflected about 50."""

    def px(dollars: float) -> int:
        return units(dollars) if side_sign > 0 else units(100) - units(dollars)

    return ShortfallSlice(
        side_sign=side_sign,
        ordered=100_000,
        decision_px=px(50.00),
        arrival_px=px(50.10),
        end_px=px(50.60),
        fees=80_000 * 3_500,
        permanent_bps=3.25,
        fills=fills(
            qty=(30_000, 30_000, 20_000),
            px=(px(50.18), px(50.26), px(50.22)),
            mid=(px(50.12), px(50.20), px(50.16)),
            half_spread=(units(0.01), units(0.02), units(0.01)),
        ),
    )
