"""The page: whole without a network, drawn with and without charts, and safe against what people type."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import msgspec
import pytest

from sottovoce.analytics.reports import plan_charts
from sottovoce.analytics.reports.plan_html import WITHOUT_CHARTS, plan_html
from tests.analytics.reports.planned import BLIND, DEMO, DIRECT, ORDERS, impact_of, strategy_of

needs_drawing = pytest.mark.skipif(not plan_charts.drawing_available(), reason="the extra `report` is not installed")


@needs_drawing
def test_the_page_is_self_contained() -> None:
    page = plan_html(strategy_of(DEMO), impact_of(DEMO))
    links = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert [link for link in links if not link.startswith("#")] == []
    assert "@import" not in page
    assert "<script" not in page
    assert page.count("<svg") == 3


@needs_drawing
@pytest.mark.parametrize("name", ORDERS)
def test_every_kind_of_order_has_a_page(name: str) -> None:
    page = plan_html(strategy_of(ORDERS[name]), impact_of(ORDERS[name]))
    assert strategy_of(ORDERS[name]).title in page
    assert "None" not in page


@needs_drawing
def test_the_schedule_is_drawn_bucket_by_bucket() -> None:
    drawn = ElementTree.fromstring(plan_charts.svg(plan_charts.schedule_chart(strategy_of(DEMO))))
    bars = [each for each in drawn.iter() if each.get("aria-roledescription") == "bar"]
    assert len(bars) == 3 * 78 + 1


@needs_drawing
def test_charts_are_drawn_the_same_every_time() -> None:
    charts = [plan_charts.svg(plan_charts.frontier_chart(strategy_of(DEMO))) for _ in range(2)]
    assert charts[0] == charts[1]


@needs_drawing
def test_a_chart_can_be_a_bitmap() -> None:
    assert plan_charts.png(plan_charts.outcome_chart(strategy_of(DEMO)), scale=1.0).startswith(b"\x89PNG")


def test_without_the_drawing_library_the_page_says_so() -> None:
    page = plan_html(strategy_of(DEMO), charts=False)
    assert "<svg" not in page
    assert WITHOUT_CHARTS.split("`")[0] in page


def test_missing_figures_are_not_estimated() -> None:
    page = plan_html(strategy_of(BLIND), impact_of(BLIND), charts=False)
    assert page.count("not estimated") >= 8


def test_text_from_people_is_escaped() -> None:
    hostile = msgspec.structs.replace(DIRECT, account="<script>alert(1)</script>")
    page = plan_html(strategy_of(hostile), charts=False)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
