"""The drawing of a list's schedule: a panel for each thing it says, and none for what was not asked."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from sottovoce.analytics.reports.basket_picture import BasketPicture, basket_picture
from sottovoce.analytics.reports.picture_file import picture

DRAWN = BasketPicture(
    title="2 orders",
    subtitle="cost 3 bps",
    currency="USD",
    labels=("start", "09:40", "09:50"),
    sales=(2e6, 1e6, 0.0),
    purchases=(1e6, 5e5, 0.0),
    sums={"net beta": (0.5, 0.0)},
    busiest=(0.1, 0.05),
    middle=(0.05, 0.02),
)


def test_limited_sums_have_a_panel_only_where_there_are_any() -> None:
    for sums, count in (({"net beta": (0.5, 0.0)}, 3), ({}, 2)):
        panels = basket_picture(replace(DRAWN, sums=sums))["vconcat"]
        assert isinstance(panels, list)
        assert len(panels) == count


def test_it_draws() -> None:
    pytest.importorskip("vl_convert", reason="drawing needs the extra `report`")
    svg = picture(basket_picture(DRAWN), ".svg", "a list").decode()
    for word in ("2 orders", "left to sell", "net beta", "busiest name", "09:50"):
        assert word in svg
