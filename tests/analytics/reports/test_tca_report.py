"""The cost report as text, JSON and a page: everything in it, the same twice, nothing from elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sottovoce.analytics.reports.tca_html import render_html
from sottovoce.analytics.reports.tca_json import report_json
from sottovoce.analytics.reports.tca_report import Report, build_report
from sottovoce.analytics.reports.tca_text import WIDTH, render_text
from sottovoce.analytics.tca.orders import TcaOrder
from sottovoce.analytics.tca.orders_file import read_orders
from sottovoce.core.enums import Side
from sottovoce.core.errors import ModelError
from tests.analytics.worked_days import tape, worked

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "orders.json"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def worked_report() -> Report:
    market = tape()
    return build_report([worked(market)], {"I1": market})


@pytest.fixture(scope="module")
def example_report() -> Report:
    return build_report(read_orders(EXAMPLE.read_bytes()), {})


def as_json(report: Report) -> Json:
    """Through bytes, as another program would have it."""
    found: Json = json.loads(msgspec.json.encode(report_json(report)))
    return found


def test_json_keeps_the_contract(worked_report: Report) -> None:
    found = as_json(worked_report)
    parts = found["components_bps"]
    assert list(parts) == ["delay", "spread", "temporary", "permanent", "timing", "opportunity", "fees"]
    assert sum(parts.values()) == pytest.approx(found["shortfall_bps"], rel=1e-9)
    assert sum(float(each) for each in found["components"].values()) == pytest.approx(float(found["shortfall"]))
    assert (found["symbols"], found["order_count"], found["filled_qty"]) == (["ACME"], 1, 54_000)
    assert found["from"] < found["to"]
    assert float(found["executed_value"]) == pytest.approx(54_000 * 99.997, rel=1e-4)


def test_json_has_what_a_desk_asks_for(worked_report: Report) -> None:
    found = as_json(worked_report)
    for name in ("arrival", "interval_vwap", "twap", "close"):
        assert found["benchmarks"][name]["px"] == pytest.approx(100, abs=1)
        assert isinstance(found["benchmarks"][name]["slippage_bps"], float)
    assert found["performance"]["benchmark"] == "interval_vwap"
    assert found["forecast"]["inside_interval"] is True
    assert found["forecast"]["residual_bps"] == pytest.approx(found["forecast"]["realised_bps"] - 9.5)
    assert found["forecast"]["z"] == pytest.approx(found["forecast"]["residual_bps"] / 32.0)
    assert {each["kind"] for each in found["venue_kinds"]} == {"lit", "dark", "auction"}
    assert sum(each["share"] for each in found["venues"]) == pytest.approx(1.0)
    assert found["orders"][0]["schedule"]["wanted_qty"][-1] == 60_000


def test_every_null_has_its_reason(example_report: Report) -> None:
    for order in as_json(example_report)["orders"]:
        for name, value in order["components_bps"].items():
            assert value is not None or order["reasons"][name]
        for row in order["benchmarks"].values():
            assert row["px"] is not None or row["reason"]
        assert order["participation"]["reason"] == "no tape"
        for venue in order["venues"]:
            assert all(each["markout_bps"] is not None or each["reason"] for each in venue["markouts"].values())


def test_portfolio_headline_is_by_value_and_stands_beside_the_mean(example_report: Report) -> None:
    found = as_json(example_report)
    orders = found["orders"]
    value = [100_000 * 50.00, 40_000 * 52.40 + 20_000 * 52.22, 5_000 * 50.00]
    weighted = sum(each["shortfall_bps"] * worth for each, worth in zip(orders, value, strict=True)) / sum(value)
    assert found["shortfall_bps"] == pytest.approx(weighted)
    assert found["mean_bps"] == pytest.approx(sum(each["shortfall_bps"] for each in orders) / 3)
    assert found["mean_interval_bps"] is None
    assert found["mean_interval_reason"] == "insufficient: 3 of 30 orders"
    known = [part for part in found["components_bps"].values() if part is not None]
    assert sum(known) == pytest.approx(found["shortfall_bps"], rel=1e-9)


def test_interval_of_the_mean_from_thirty_orders(worked_report: Report) -> None:
    order = worked_report.orders[0].order
    many = [msgspec.structs.replace(order, parent_id=f"P{n}", decision_px=order.decision_px + n) for n in range(30)]
    found = as_json(build_report(many, {}))
    low, high = found["mean_interval_bps"]
    assert low < found["mean_bps"] < high


def test_two_currencies_without_a_rate_are_not_added() -> None:
    orders = read_orders(EXAMPLE.read_bytes())
    mixed = [orders[0], msgspec.structs.replace(orders[1], currency="GBP")]
    report = build_report(mixed, {})
    found = as_json(report)
    assert (found["shortfall_bps"], found["venues"]) == (None, None)
    assert "several currencies" in found["reasons"]["total"]
    assert "several currencies" in render_text(report)
    assert "several currencies" in render_html(report)


def test_a_rate_brings_two_currencies_together() -> None:
    orders = read_orders(EXAMPLE.read_bytes())
    foreign = {"currency": "GBP", "fx_currency": "USD", "fx_rate": "1.25"}
    found = as_json(build_report([orders[0], msgspec.structs.replace(orders[1], **foreign)], {}))
    assert found["currency"] == "USD"
    assert found["shortfall"] == "40528.75"  # 29,880.00 + 1.25 × 8,519.00


@pytest.mark.parametrize("render", [render_text, render_html, lambda report: json.dumps(report_json(report))])
def test_the_same_inputs_give_the_same_bytes(render: Any) -> None:
    market = tape()
    once = render(build_report([worked(market)], {"I1": market}))
    again = render(build_report([worked(tape())], {"I1": tape()}))
    assert once == again


def test_other_inputs_give_another_digest(worked_report: Report) -> None:
    market = tape(seed=4)
    other = build_report([worked_report.orders[0].order], {"I1": market})
    assert other.inputs_digest != worked_report.inputs_digest


def test_text_says_sign_and_word_and_fits(worked_report: Report) -> None:
    text = render_text(worked_report)
    assert "Shortfall +5.5 bps cost." in text
    assert "Buy 60,000 ACME by VWAP (P-1)" in text
    assert "2018-02-12 09:30 EST to 2018-02-12 16:00 EST" in text
    assert "6,000 not filled: market closed." in text
    assert max(len(line) for line in text.splitlines()) <= WIDTH


def test_text_of_many_orders_says_how_many_are_left_out(worked_report: Report) -> None:
    order = worked_report.orders[0].order
    many = [msgspec.structs.replace(order, parent_id=f"P{n}") for n in range(25)]
    assert "5 more orders are in the JSON and HTML reports." in render_text(build_report(many, {}))


def test_busts_are_restated_with_a_note(worked_report: Report) -> None:
    order = msgspec.structs.replace(worked_report.orders[0].order, busted=1)
    report = build_report([order], {})
    assert "1 busted trades are left out" in render_text(report)
    assert "1 busted trades are left out" in render_html(report)


def test_no_order_is_refused() -> None:
    with pytest.raises(ModelError) as caught:
        build_report([], {})
    assert caught.value.code == "no_orders"


def test_an_order_nobody_filled_is_reported_whole() -> None:
    order = TcaOrder(
        parent_id="P", symbol="ACME", instrument_id="I1", side=Side.BUY, order_qty=100, decision_px=100_000_000,
        arrival_px=100_000_000, arrival_ns=worked(tape()).arrival_ns, end_ns=worked(tape()).end_ns,
    )  # fmt: skip
    report = build_report([order], {"I1": tape()})
    found = as_json(report)
    assert (found["filled_qty"], found["orders"][0]["average_px"]) == (0, None)
    assert found["benchmarks"]["arrival"]["slippage_bps"] is None
    assert "Nothing filled" in render_text(report)
    assert "Nothing was sent to a venue." in render_html(report)
