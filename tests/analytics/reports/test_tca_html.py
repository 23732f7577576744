"""The cost report as a page: every section and chart, nothing from elsewhere, readable in each theme."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from sottovoce.analytics.reports.tca_html import render_html
from sottovoce.analytics.reports.tca_json import report_json
from sottovoce.analytics.reports.tca_report import Report, build_report
from sottovoce.analytics.tca.orders import TcaFill
from sottovoce.analytics.tca.orders_file import read_orders
from sottovoce.core.enums import Side, VenueKind
from tests.analytics.worked_days import tape, worked

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "orders.json"
SECTIONS = (
    "Where the cost came from",
    "Forecast and outcome",
    "Schedule and fills",
    "Price and fills",
    "Against benchmarks",
    "Venues",
    "Definitions",
)


@pytest.fixture(scope="module")
def worked_report() -> Report:
    market = tape()
    return build_report([worked(market)], {"I1": market})


@pytest.fixture(scope="module")
def example_report() -> Report:
    return build_report(read_orders(EXAMPLE.read_bytes()), {})


def test_page_without_the_chart_library_says_what_is_missing(
    worked_report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    text = render_html(worked_report)
    assert "<svg" not in text
    assert text.count("The chart needs the report extra") == 5
    assert "+5.48 bps cost" in text


class Page(HTMLParser):
    """Tags left open, and what the page asks for from elsewhere."""

    VOID = frozenset({"meta", "br", "link", "img", "input", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.asked: list[str] = []
        self.drawings = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.drawings += tag == "svg"
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.asked += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in self.VOID and named.get("/") is None:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, tag


def read_page(text: str) -> Page:
    page = Page()
    page.feed(text)
    assert page.open == []
    return page


def test_page_has_every_section_and_chart(worked_report: Report) -> None:
    text = render_html(worked_report)
    page = read_page(text)
    for section in SECTIONS:
        assert f"{section}</h" in text
    assert page.drawings == 5
    assert len(page.ids) == len(set(page.ids))


def test_page_needs_nothing_from_elsewhere(worked_report: Report, example_report: Report) -> None:
    for report in (worked_report, example_report):
        text = render_html(report)
        assert not re.search(r"https?:", text)
        assert "<script" not in text
        assert "@import" not in text
        assert all(each.startswith("#") for each in read_page(text).asked)


def test_page_of_several_orders_links_each(example_report: Report) -> None:
    text = render_html(example_report)
    page = read_page(text)
    assert {"o0", "o1", "o2"} <= set(page.ids)
    assert [each for each in page.asked if each.startswith("#o")] == ["#o0", "#o1", "#o2"]
    assert "No price is known for this order: no fill and no tape." in text
    assert "The order had no schedule." in text


def test_page_takes_its_colours_from_the_theme(worked_report: Report) -> None:
    text = render_html(worked_report)
    drawings = re.findall(r"<svg.*?</svg>", text, flags=re.DOTALL)
    painted = {ink for drawing in drawings for ink in re.findall(r'(?:fill|stroke)="([^"]+)"', drawing)}
    assert {ink for ink in painted if ink.startswith("#")} == set()
    assert {"var(--ink)", "var(--cost)", "var(--buy)"} <= painted
    assert "prefers-color-scheme: dark" in text


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, WCAG 2.2."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 to 21, WCAG 2.2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1, 2], ids=["light", "dark", "print"])
def test_page_has_contrast_enough(theme: int, worked_report: Report) -> None:
    """Text 4.5:1 on page and panels, drawn shapes 3:1, in every theme."""
    block = re.findall(r":root \{(.*?)\}", render_html(worked_report), flags=re.DOTALL)[theme]
    inks = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", block))
    for ground in ("paper", "panel"):
        assert min(contrast(inks[name], inks[ground]) for name in ("ink", "muted", "buy")) >= 4.5
    shapes = ("sell", "cost", "gain", "market")
    assert min(contrast(inks[name], inks["paper"]) for name in shapes) >= 3.0


def test_page_escapes_what_people_wrote() -> None:
    order = read_orders(EXAMPLE.read_bytes())[0]
    text = render_html(build_report([msgspec.structs.replace(order, symbol="<b>&X")], {}))
    assert "<b>&X" not in text
    assert "&lt;b&gt;&amp;X" in text


def test_page_of_several_days_cuts_the_nights_out() -> None:
    market = tape(days=3)
    text = render_html(build_report([worked(market, Side.SELL)], {"I1": market}))
    for day in ("2018-02-12", "2018-02-13", "2018-02-14"):
        assert f">{day}</text>" in text


def test_a_fill_outside_every_session_does_not_break_the_page() -> None:
    market = tape()
    order = worked(market)
    early = TcaFill(ts_ns=order.arrival_ns - 10**13, qty=10, px=100_000_000, venue="X", venue_kind=VenueKind.LIT)
    report = build_report([msgspec.structs.replace(order, fills=(early, *order.fills))], {"I1": market})
    assert report_json(report)["components_bps"]["spread"] is None  # type: ignore[index]
    assert read_page(render_html(report)).drawings == 5
