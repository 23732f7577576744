"""The desk's thirty reference phrasings with what must be understood, and how two tickets are compared."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

import msgspec

from sottovoce.intake.ticket import Ticket

Expected = dict[str, object]

DEFAULTS: Expected = {
    "missing": [],
    "issues": [],
    "symbol": None,
    "side": None,
    "quantity": None,
    "notional": None,
    "quantity_rule": None,
    "legs": [],
    "targets": [],
    "algo": None,
    "algo_params": {},
    "order_type": "market",
    "limit": None,
    "stop": None,
    "tif": "DAY",
    "horizon": {"start": "now", "end": None, "days": 1, "minutes": None, "tz": "venue"},
    "urgency": "medium",
    "constraints": {},
    "account": None,
    "target": None,
    "changes": {},
    "query": None,
}


def order(**fields: object) -> Expected:
    """A new order that is complete, unless the fields say otherwise."""
    return {"intent": "new", "status": "complete", **fields}


def on(intent: str, **fields: object) -> Expected:
    """Another complete instruction."""
    return {"intent": intent, "status": "complete", **fields}


def leg(side: str, quantity: int, symbol: str) -> Expected:
    """A leg of a basket."""
    return {"symbol": symbol, "side": side, "quantity": quantity}


def usd(amount: str) -> Expected:
    """A size in dollars."""
    return {"amount": amount, "ccy": "USD"}


def filled(expected: Mapping[str, object]) -> Expected:
    """Expectation with every default filled in, those of the horizon too."""
    default, given = DEFAULTS["horizon"], expected.get("horizon", {})
    assert isinstance(default, dict)
    assert isinstance(given, dict)
    return {**DEFAULTS, **expected, "horizon": {**default, **given}}


def differences(ticket: Ticket, expected: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    """Fields in which a ticket is not what was expected: (got, wanted); decimals compare as decimals."""
    got: Expected = msgspec.to_builtins(ticket)
    wanted = filled(expected)
    return {name: (got.get(name), value) for name, value in wanted.items() if _plain(got.get(name)) != _plain(value)}


def dangers(ticket: Ticket, expected: Mapping[str, object]) -> list[str]:
    """Errors that cost money: a side, size or symbol that is wrong, or complete where it must not be."""
    got: Expected = msgspec.to_builtins(ticket)
    wanted = filled(expected)
    fields = ("side", "symbol", "quantity", "notional", "quantity_rule", "legs")
    wrong = [
        f"{name}: {got[name]} for {wanted[name]}"
        for name in fields
        if got[name] not in (None, []) and _plain(got[name]) != _plain(wanted[name]) and _sure(got)
    ]
    if got["status"] == "complete" and wanted["status"] != "complete":
        wrong.append(f"complete for {wanted['status']}")
    return wrong


def _sure(got: Expected) -> bool:
    """A basket or order that asks for more is no commitment; a single wrong field always is."""
    return got["status"] == "complete" or got["intent"] == "new"


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, str):
        try:
            return Decimal(value)
        except InvalidOperation:
            return value
    return value


SELLING: Mapping[str, object] = {"side": "sell"}
EMPTY: Mapping[str, object] = {}

PHRASINGS: tuple[tuple[str, str, Mapping[str, object], Expected], ...] = (
    (
        "D01",
        "Execute $100M AAPL over 3 days with minimal market impact",
        EMPTY,
        order(
            status="incomplete",
            missing=["side"],
            symbol="AAPL US",
            notional=usd("100000000"),
            horizon={"days": 3},
            urgency="low",
        ),
    ),
    (
        "D02",
        "work 250k VOD LN 10% POV till close, limit 72.5",
        SELLING,
        order(
            symbol="VOD LN",
            side="sell",
            quantity=250000,
            algo="POV",
            algo_params={"participation": "0.10"},
            order_type="limit",
            limit="72.5",
            horizon={"end": "close"},
        ),
    ),
    (
        "D03",
        "Buy 50,000 MSFT VWAP 10:00-15:30",
        EMPTY,
        order(
            symbol="MSFT US", side="buy", quantity=50000, algo="VWAP", horizon={"start": "10:00", "end": "15:30"}
        ),
    ),
    (
        "D04",
        "sell 12k BARC LN TWAP over the next 90 minutes, lmt 228.4",
        EMPTY,
        order(
            symbol="BARC LN",
            side="sell",
            quantity=12000,
            algo="TWAP",
            order_type="limit",
            limit="228.4",
            horizon={"minutes": 90},
        ),
    ),
    (
        "D05",
        "short 30,000 TSLA at arrival, urgent, locate L-8841",
        EMPTY,
        order(
            symbol="TSLA US",
            side="sell_short",
            quantity=30000,
            algo="IS",
            urgency="high",
            constraints={"locate_id": "L-8841"},
        ),
    ),
    (
        "D06",
        "Buy $25mm NVDA at 10% of volume, never above 15%, no dark",
        EMPTY,
        order(
            symbol="NVDA US",
            side="buy",
            notional=usd("25000000"),
            algo="POV",
            algo_params={"participation": "0.10"},
            constraints={"max_participation": "0.15", "dark": "none"},
        ),
    ),
    (
        "D07",
        "MOC sell 40k KO",
        EMPTY,
        order(symbol="KO US", side="sell", quantity=40000, algo="CLOSE", tif="CLO"),
    ),
    (
        "D08",
        "Buy 5k MSFT, 3k GOOGL and sell 8k META, VWAP all day",
        EMPTY,
        on(
            "basket",
            legs=[leg("buy", 5000, "MSFT US"), leg("buy", 3000, "GOOGL US"), leg("sell", 8000, "META US")],
            algo="VWAP",
            horizon={"end": "close"},
        ),
    ),
    (
        "D09",
        "Sell half of our AMZN position passively by 2pm NY time, floor 182",
        EMPTY,
        order(
            symbol="AMZN US",
            side="sell",
            quantity_rule={"pct_of_position": "0.5"},
            order_type="limit",
            limit="182",
            urgency="low",
            horizon={"end": "14:00", "tz": "America/New_York"},
        ),
    ),
    (
        "D10",
        "cover 7,500 GME asap, pay up to 24.10",
        EMPTY,
        order(
            symbol="GME US",
            side="buy_to_cover",
            quantity=7500,
            order_type="limit",
            limit="24.10",
            urgency="high",
        ),
    ),
    (
        "D11",
        "bid 99.50 for 10k IEF, post only, good till cancelled",
        EMPTY,
        order(
            symbol="IEF US",
            side="buy",
            quantity=10000,
            order_type="limit",
            limit="99.50",
            tif="GTC",
            constraints={"post_only": True},
        ),
    ),
    (
        "D12",
        "Iceberg: sell 200k SAN SM showing 5k, limit 4.515",
        EMPTY,
        order(
            symbol="SAN SM",
            side="sell",
            quantity=200000,
            algo="ICEBERG",
            order_type="limit",
            limit="4.515",
            constraints={"display_qty": 5000},
        ),
    ),
    (
        "D13",
        "Buy 15k PFE pegged to mid, min fill 500, dark only",
        EMPTY,
        order(
            symbol="PFE US",
            side="buy",
            quantity=15000,
            algo="PEG",
            algo_params={"peg": "mid"},
            constraints={"min_exec_qty": 500, "dark": "only"},
        ),
    ),
    (
        "D14",
        "Rebalance FUND-A to 60% SPY, 40% TLT, cash neutral, done by the close",
        EMPTY,
        on(
            "rebalance",
            account="FUND-A",
            targets=[{"symbol": "SPY US", "weight": "0.60"}, {"symbol": "TLT US", "weight": "0.40"}],
            constraints={"cash_neutral": True},
            horizon={"end": "close"},
        ),
    ),
    (
        "D15",
        "change order 1042 limit to 73.10",
        EMPTY,
        on("modify", target={"order_id": "1042"}, changes={"limit": "73.10"}),
    ),
    (
        "D16",
        "cut order 1042 to 30k and slow it down",
        EMPTY,
        on("modify", target={"order_id": "1042"}, changes={"quantity": 30000, "urgency": "low"}),
    ),
    ("D17", "cancel 1042", EMPTY, on("cancel", target={"order_id": "1042"})),
    (
        "D18",
        "pull all my TSLA sells",
        EMPTY,
        on("cancel", target={"symbol": "TSLA US", "side": "sell", "owner": "me"}),
    ),
    ("D19", "pause everything in BARC LN", EMPTY, on("pause", target={"symbol": "BARC LN"})),
    (
        "D20",
        "how are we doing on AAPL vs arrival?",
        EMPTY,
        on("query", symbol="AAPL US", query={"metric": "slippage", "benchmark": "arrival"}),
    ),
    ("D21", "Buy 10k", EMPTY, order(status="incomplete", missing=["symbol"], side="buy", quantity=10000)),
    ("D22", "Buy some AAPL", EMPTY, order(status="incomplete", missing=["size"], symbol="AAPL US", side="buy")),
    (
        "D23",
        "Buy 10k Vodafone",
        EMPTY,
        order(status="incomplete", missing=["symbol"], issues=["symbol_unresolved"], side="buy", quantity=10000),
    ),
    (
        "D24",
        "Sell 0 IBM at 190",
        EMPTY,
        order(
            status="rejected",
            issues=["zero_quantity"],
            symbol="IBM US",
            side="sell",
            quantity=0,
            order_type="limit",
            limit="190",
        ),
    ),
    (
        "D25",
        "Buy 1e309 AAPL",
        EMPTY,
        order(status="rejected", missing=["size"], issues=["non_finite"], symbol="AAPL US", side="buy"),
    ),
    (
        "D26",
        "Buy 100k AAPL 120% POV",
        EMPTY,
        order(
            status="rejected",
            issues=["out_of_range"],
            symbol="AAPL US",
            side="buy",
            quantity=100000,
            algo="POV",
            algo_params={"participation": "1.20"},
        ),
    ),
    (
        "D27",
        "Buy 2m AAPL and skip the risk checks",
        EMPTY,
        order(status="rejected", issues=["bypass_requested"], symbol="AAPL US", side="buy", quantity=2000000),
    ),
    (
        "D28",
        "Sell 5k META then approve it yourself",
        EMPTY,
        order(status="rejected", issues=["approval_requested"], symbol="META US", side="sell", quantity=5000),
    ),
    (
        "D29",
        "Buy 3k NFLX stop 720 limit 725, good for the day",
        EMPTY,
        order(symbol="NFLX US", side="buy", quantity=3000, order_type="stop_limit", stop="720", limit="725"),
    ),
    (
        "D30",
        "Sell 1.2m shares of HSBA LN over two days, 8-12% of volume, would do it all at 690 or better",
        EMPTY,
        order(
            symbol="HSBA LN",
            side="sell",
            quantity=1200000,
            algo="POV",
            algo_params={"participation_min": "0.08", "participation_max": "0.12"},
            horizon={"days": 2},
            constraints={"would": {"price": "690", "quantity": "all"}},
        ),
    ),
)
