"""The market report: one page that needs nothing else, says what failed, and says the same of the same figures."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from sottovoce.analytics.market_facts.gates import gates_for
from sottovoce.analytics.market_facts.measured import Measured, recorded, simulated
from sottovoce.analytics.market_facts.paired_orders import PairedOrder
from sottovoce.analytics.market_facts.passive_fills import Probe
from sottovoce.analytics.market_facts.tape_facts import SessionFacts, session_facts
from sottovoce.analytics.reports.market_html import HOW, render_market_html
from sottovoce.analytics.reports.market_json import market_json
from tests.analytics.market_facts.synthetic import TICK, random_walk, seconds, session

GATES = gates_for(0.5, 4.0)


def day(seed: int) -> SessionFacts:
    """A random walk quoted every two seconds, with trades at the touch."""
    rng = np.random.default_rng(seed)
    mids = np.round(random_walk(rng, 11_000) / TICK).astype(np.int64) * TICK
    times, side = seconds(*(2.0 * np.arange(mids.size))), rng.choice([-1, 1], mids.size)
    return session_facts(
        session(
            quote_ns=times,
            bid=mids - TICK,
            ask=mids + TICK,
            bid_size=rng.integers(100, 900, mids.size),
            ask_size=rng.integers(100, 900, mids.size),
            trade_ns=times,
            trade_px=mids + side * TICK,
            trade_side=side,
        )
    )


@pytest.fixture(scope="module")
def markets() -> list[Measured]:
    rng = np.random.default_rng(4)
    facts = [day(seed) for seed in range(4)]
    orders = [
        PairedOrder(
            session=number % 4,
            size=size,
            participation=0.1,
            done=1.0,
            impact=size**0.5 * (1 + 0.1 * rng.standard_normal()),
            cost=0.6 * size**0.5,
            later=0.6 * size**0.5,
        )
        for number in range(12)
        for size in (0.01, 0.1)
    ]
    probes = [
        Probe(session=at % 4, ahead=at % 10, filled=at % 3 > 0, seconds=2.0, markout_bps=-1.0 if at % 3 else None)
        for at in range(400)
    ]
    because = {"clustering": "the walk has no memory <by design>", "decay": "not to be seen: it passed"}
    made = simulated("walk", facts, orders, probes, [False, False], GATES, because)
    return [made, recorded("tape 2013", facts[:2], GATES)]


def test_page_needs_nothing_from_elsewhere(markets: list[Measured]) -> None:
    page = render_market_html(markets, "A")
    assert page.count("<svg") == 10
    assert not re.search(r"<script|https?://|<link|@import|src=", page)


def test_every_gate_and_its_way_of_measuring_is_on_the_page(markets: list[Measured]) -> None:
    page = render_market_html(markets, "A")
    assert set(HOW) == {gate.fact for gate in GATES}
    assert all(says.split(",")[0].split("'")[0] in page for says in HOW.values())
    assert page.count('class="passed"') == sum(each.passed for each in markets[0].judged)


def test_explanation_is_shown_only_where_the_gate_failed(markets: list[Measured]) -> None:
    verdicts = {each.gate.key: each.verdict for each in markets[0].judged}
    assert verdicts["clustering"] == "explained"
    assert verdicts["decay"] == "passed"
    page = render_market_html(markets, "A")
    assert "the walk has no memory &lt;by design&gt;" in page
    assert "not to be seen" not in page


def test_what_failed_without_explanation_says_failed(markets: list[Measured]) -> None:
    failed = [each for each in markets[0].judged if each.verdict == "failed"]
    assert {"sign_memory", "volume_open"} <= {each.gate.key for each in failed}
    assert render_market_html(markets, "A").count('<span class="failed">') == len(failed)


def test_recorded_tape_is_shown_without_a_verdict(markets: list[Measured]) -> None:
    keys = {each.gate.key for each in markets[1].judged}
    assert "diffusivity" in keys
    assert "impact_exponent" not in keys
    page = render_market_html(markets, "A")
    assert "tape 2013 (recorded)" in page
    assert "recorded" not in render_market_html(markets[:1], "A").partition("How each")[0].partition("</style>")[2]


def test_same_figures_give_the_same_bytes(markets: list[Measured]) -> None:
    assert render_market_html(markets, "A") == render_market_html(markets, "A")
    assert market_json(markets, "A") == market_json(markets, "A")


def test_json_has_the_figures_behind_the_page(markets: list[Measured]) -> None:
    found = json.loads(market_json(markets, "A"))["markets"]
    gates = {gate["key"]: gate for gate in found[0]["gates"]}
    assert len(gates) == 24
    assert gates["sign_memory"]["got"] is None
    assert gates["sign_memory"]["verdict"] == "failed"
    assert gates["impact_exponent"]["got"] == pytest.approx(0.5, abs=0.1)
    assert gates["markout"]["low"] is None
    assert found[0]["impact"]["bins"][0]["count"] == 12
    assert found[1]["impact"] is None
