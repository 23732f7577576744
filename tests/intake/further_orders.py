"""Single orders beyond the reference thirty, each with what the rules of the ticket language say it means."""

from __future__ import annotations

from tests.intake.comparing import Expected, order, usd


def asks(missing: list[str], issues: list[str] | None = None, /, **fields: object) -> Expected:
    """A new order that asks for more."""
    return order(status="incomplete", missing=missing, issues=issues or [], **fields)


def refused(issues: list[str], missing: list[str] | None = None, /, **fields: object) -> Expected:
    """A new order that is rejected."""
    return order(status="rejected", issues=issues, missing=missing or [], **fields)


BUY = {"side": "buy", "symbol": "AAPL US", "quantity": 10000}
SELL = {"side": "sell", "symbol": "AAPL US", "quantity": 10000}

DEMO: tuple[tuple[str, Expected], ...] = (
    (
        "Buy $100M AAPL over 3 days with minimal market impact",
        order(side="buy", symbol="AAPL US", notional=usd("100000000"), horizon={"days": 3}, urgency="low"),
    ),
    ("Buy 30k MSFT VWAP", order(side="buy", symbol="MSFT US", quantity=30000, algo="VWAP")),
    ("Buy 200k IBM VWAP", order(side="buy", symbol="IBM US", quantity=200000, algo="VWAP")),
    (
        "Execute a $100 million equity position in AAPL with a 3-day time horizon",
        asks(["side"], symbol="AAPL US", notional=usd("100000000"), horizon={"days": 3}),
    ),
)

SYMBOLS: tuple[tuple[str, Expected], ...] = (
    ("pick up 5k ON at 70", order(side="buy", symbol="ON US", quantity=5000, order_type="limit", limit="70")),
    ("Sell 3k ALL, limit 150", order(side="sell", symbol="ALL US", quantity=3000, order_type="limit", limit="150")),
    ("Buy 10k IS", order(side="buy", symbol="IS US", quantity=10000)),
    ("Buy 10k IS IS", order(side="buy", symbol="IS US", quantity=10000, algo="IS")),
    (
        "Buy 10k ON IS over 2 hours",
        order(side="buy", symbol="ON US", quantity=10000, algo="IS", horizon={"minutes": 120}),
    ),
    ("sell 5k NOW now", order(side="sell", symbol="NOW US", quantity=5000, urgency="high")),
    ("Buy 10k AAPL IS", order(**BUY, algo="IS")),
    ("BUY AAPL 10000 LMT 190.00 DAY", order(**BUY, order_type="limit", limit="190")),
    ("Buy 10k LMT limit 440", order(side="buy", symbol="LMT US", quantity=10000, order_type="limit", limit="440")),
    ("Sell 10k LIMIT 190", asks(["symbol"], side="sell", quantity=10000, order_type="limit", limit="190")),
    ("Sell 10k AT 190", asks(["symbol"], side="sell", quantity=10000, order_type="limit", limit="190")),
    ("Sell 100 M", order(side="sell", symbol="M US", quantity=100)),
    ("Buy 10k F", order(side="buy", symbol="F US", quantity=10000)),
    ("Buy 10k BRK.B", order(side="buy", symbol="BRK.B US", quantity=10000)),
    ("Buy 10k BRK/B US at 400", order(side="buy", symbol="BRK/B US", quantity=10000, order_type="limit", limit="400")),
    ("Sell 100k BP/ LN", order(side="sell", symbol="BP/ LN", quantity=100000)),
    ("buy 20k 700 HK till close", order(side="buy", symbol="700 HK", quantity=20000, horizon={"end": "close"})),
    ("Buy VOD.L 10k limit 72.5p", order(side="buy", symbol="VOD LN", quantity=10000, order_type="limit", limit="72.5")),
    ("Buy 10k EQNR NO, no dark", order(side="buy", symbol="EQNR NO", quantity=10000, constraints={"dark": "none"})),
    ("BUY 10K AAPL NO DARK", order(**BUY, constraints={"dark": "none"})),
    ("Buy 10k AAPL US Equity", order(**BUY)),
    ("buy 10k vod ln", order(side="buy", symbol="VOD LN", quantity=10000)),
    ("Buy 10k apple", asks(["symbol"], ["symbol_unresolved"], side="buy", quantity=10000)),
    ("BUY 10K APPLE", asks(["symbol"], ["symbol_unresolved"], side="buy", quantity=10000)),
    ("Buy 10k ford", asks(["symbol"], ["symbol_unresolved"], side="buy", quantity=10000)),
    ("Buy 10k Bank of America", asks(["symbol"], ["symbol_unresolved"], side="buy", quantity=10000)),
    ("Buy 10k AT&T", asks(["symbol"], ["symbol_unresolved"], side="buy", quantity=10000)),
    ("Buy 10k AAPL MSFT", asks(["symbol"], ["symbol_ambiguous"], side="buy", quantity=10000)),
)

SIDES: tuple[tuple[str, Expected], ...] = (
    ("ss 10k TSLA", order(side="sell_short", symbol="TSLA US", quantity=10000)),
    ("sell 10k TSLA short", order(side="sell_short", symbol="TSLA US", quantity=10000)),
    ("btc 7.5k GME", order(side="buy_to_cover", symbol="GME US", quantity=7500)),
    ("buy 10k TSLA to cover", order(side="buy_to_cover", symbol="TSLA US", quantity=10000)),
    ("cover our short of 7,500 GME", order(side="buy_to_cover", symbol="GME US", quantity=7500)),
    ("lift the offer for 10k AAPL", order(**BUY)),
    ("hit the bid, 10k AAPL", order(**SELL)),
    ("offer 190 for 10k AAPL", order(**SELL, order_type="limit", limit="190")),
    ("10k AAPL 99.50 bid", order(**BUY, order_type="limit", limit="99.50")),
    ("trim 10k from our AAPL position", order(**SELL)),
    ("I need 10k AAPL bought over the next two hours", order(**BUY, horizon={"minutes": 120})),
    ("10k AAPL sell", order(**SELL)),
    ("trade 10k AAPL", asks(["side"], symbol="AAPL US", quantity=10000)),
    ("take 10k AAPL", asks(["side"], ["unparsed_text"], symbol="AAPL US", quantity=10000)),
    ("unwind 10k AAPL", asks(["side"], ["unparsed_text"], symbol="AAPL US", quantity=10000)),
    ("Buy 10k AAPL and sell", refused(["conflicting_side"], ["side"], symbol="AAPL US", quantity=10000)),
    ("Buy sell 10k AAPL", refused(["conflicting_side"], ["side"], symbol="AAPL US", quantity=10000)),
    ("don't buy 10k AAPL", asks([], ["unparsed_text"], **BUY)),
)

SIZES: tuple[tuple[str, Expected], ...] = (
    ("Sell $100 M AAPL", order(side="sell", symbol="AAPL US", notional=usd("100000000"))),
    ("Buy USD 5m AAPL", order(side="buy", symbol="AAPL US", notional=usd("5000000"))),
    ("Buy half a million dollars of AAPL", order(side="buy", symbol="AAPL US", notional=usd("500000"))),
    ("Buy 1.5bn JPY of 7203 JP", order(side="buy", symbol="7203 JP", notional={"amount": "1500000000", "ccy": "JPY"})),
    ("Sell €5m SAP GY", order(side="sell", symbol="SAP GY", notional={"amount": "5000000", "ccy": "EUR"})),
    (
        "Sell 2 yards JPY of 7203 JP",
        order(side="sell", symbol="7203 JP", notional={"amount": "2000000000", "ccy": "JPY"}),
    ),
    ("sell two hundred and fifty thousand IBM", order(side="sell", symbol="IBM US", quantity=250000)),
    ("Sell half a million KO MOC", order(side="sell", symbol="KO US", quantity=500000, algo="CLOSE", tif="CLO")),
    ("Buy 10 000 AAPL", order(**BUY)),
    ("Buy 1e4 AAPL", order(**BUY)),
    ("Sell our entire NVDA holding", order(side="sell", symbol="NVDA US", quantity_rule={"pct_of_position": "1"})),
    ("sell 25% of our position in IBM", order(side="sell", symbol="IBM US", quantity_rule={"pct_of_position": "0.25"})),
    (
        "sell three quarters of our KO stake",
        order(side="sell", symbol="KO US", quantity_rule={"pct_of_position": "0.75"}),
    ),
    ("Buy 5% of ADV in MSFT", order(side="buy", symbol="MSFT US", quantity_rule={"pct_adv": "0.05"})),
    ("Buy 2.5 AAPL", asks(["size"], ["ambiguous_unit"], side="buy", symbol="AAPL US")),
    ("Buy 50.000 AAPL", asks(["size"], ["ambiguous_unit"], side="buy", symbol="AAPL US")),
    ("Buy 72,5 AAPL", asks(["size"], ["ambiguous_unit"], side="buy", symbol="AAPL US")),
    ("Buy 5m notional AAPL", asks(["size"], ["ambiguous_unit"], side="buy", symbol="AAPL US")),
    ("Buy 10 lots of AAPL", asks(["size"], ["ambiguous_unit"], side="buy", symbol="AAPL US")),
    ("Buy up to 10k AAPL", asks([], ["unparsed_text"], **BUY)),
    ("buy about 10k AAPL", asks([], ["unparsed_text"], **BUY)),
    ("Buy 10k AAPL 190", asks([], ["unparsed_text"], **BUY)),
    ("Buy 10k 20k AAPL", refused(["conflicting_size"], ["size"], side="buy", symbol="AAPL US")),
    ("Buy 10k AAPL 20k", refused(["conflicting_size"], ["size"], side="buy", symbol="AAPL US")),
    ("Buy -500 AAPL", refused(["negative_value"], side="buy", symbol="AAPL US", quantity=-500)),
    (
        "sell 150% of our KO position",
        refused(["out_of_range"], side="sell", symbol="KO US", quantity_rule={"pct_of_position": "1.5"}),
    ),
)

ALGOS: tuple[tuple[str, Expected], ...] = (
    ("Buy 10k AAPL POV 10%", order(**BUY, algo="POV", algo_params={"participation": "0.1"})),
    ("Buy 10k AAPL in line with volume, 15%", order(**BUY, algo="POV", algo_params={"participation": "0.15"})),
    ("Buy 10k AAPL POV", asks(["participation"], **BUY, algo="POV")),
    ("Buy 10k AAPL, max 15% of volume", order(**BUY, constraints={"max_participation": "0.15"})),
    ("Buy 10k AAPL vwap, cap at 5% of ADV", order(**BUY, algo="VWAP", constraints={"max_pct_adv": "0.05"})),
    ("Buy 10k AAPL 50% POV", order(**BUY, algo="POV", algo_params={"participation": "0.5"})),
    ("Buy 10k AAPL 0% POV", refused(["out_of_range"], **BUY, algo="POV", algo_params={"participation": "0"})),
    ("Buy 10k AAPL VWAP and TWAP", asks([], ["unparsed_text"], **BUY)),
    ("sell 10k AAPL pegged to the bid", order(**SELL, algo="PEG", algo_params={"peg": "far"})),
    ("sell 10k AAPL DMA", order(**SELL, algo="SOR")),
    ("Buy 10k AAPL liquidity seeking", order(**BUY, algo="LIQUIDITY")),
    ("buy 10k AAPL target close", order(**BUY, algo="CLOSE")),
    ("buy 10k AAPL on the open", order(**BUY, algo="OPEN", tif="OPG")),
    ("Sell 10k AAPL LOC 45.5", order(**SELL, algo="CLOSE", tif="CLO", order_type="limit", limit="45.5")),
    ("LOO buy 10k AAPL 410", order(**BUY, algo="OPEN", tif="OPG", order_type="limit", limit="410")),
    ("Buy 10k AAPL, show 200 at a time", order(**BUY, algo="ICEBERG", constraints={"display_qty": 200})),
    ("Buy 10k AAPL VWAP, show 200", order(**BUY, algo="VWAP", constraints={"display_qty": 200})),
)

PRICES: tuple[tuple[str, Expected], ...] = (
    ("sell 10k AAPL lmt 420 day", order(**SELL, order_type="limit", limit="420")),
    ("sell 10k AAPL floor price 420", order(**SELL, order_type="limit", limit="420")),
    ("buy 10k AAPL 415 top", order(**BUY, order_type="limit", limit="415")),
    ("Buy 10k max 190 AAPL", order(**BUY, order_type="limit", limit="190")),
    ("sell 10k AAPL stop limit 180 178", order(**SELL, order_type="stop_limit", stop="180", limit="178")),
    ("sell 10k AAPL stop-loss at 180", order(**SELL, order_type="stop", stop="180")),
    ("Buy 10k AAPL no limit", order(**BUY)),
    ("Sell 10k AAPL, no higher than 190", refused(["conflicting_price"], **SELL, order_type="limit", limit="190")),
    ("Buy 10k AAPL no lower than 190", refused(["conflicting_price"], **BUY, order_type="limit", limit="190")),
    ("Buy 10k AAPL limit 190 limit 191", refused(["conflicting_price"], **BUY, order_type="limit")),
    ("Buy 10k AAPL limit -5", refused(["negative_value"], **BUY, order_type="limit", limit="-5")),
    ("Buy 10k AAPL limit nan", refused(["non_finite"], **BUY, order_type="limit")),
    (
        "Sell 10k HSBA LN limit £6.90",
        asks([], ["ambiguous_unit"], side="sell", symbol="HSBA LN", quantity=10000, order_type="limit", limit="6.90"),
    ),
    ("Sell 10k AAPL when it hits 430", asks([], ["unparsed_text"], **SELL)),
    (
        "Sell 10k AAPL, limit 190, would do 5k at 195",
        order(**SELL, order_type="limit", limit="190", constraints={"would": {"price": "195", "quantity": 5000}}),
    ),
)

TIMES: tuple[tuple[str, Expected], ...] = (
    ("Buy 10k AAPL between 10 and 3", order(**BUY, horizon={"start": "10:00", "end": "15:00"})),
    ("Buy 10k AAPL start at 11, finish by 2", order(**BUY, horizon={"start": "11:00", "end": "14:00"})),
    ("buy 10k AAPL from 2pm till close", order(**BUY, horizon={"start": "14:00", "end": "close"})),
    ("buy 10k AAPL by noon", order(**BUY, horizon={"end": "12:00"})),
    ("buy 10k AAPL not before 11:00", order(**BUY, horizon={"start": "11:00"})),
    ("buy 10k AAPL in 45 min", order(**BUY, horizon={"minutes": 45})),
    ("buy 10k AAPL over an hour and a half", order(**BUY, horizon={"minutes": 90})),
    ("Buy 10k AAPL by 3pm Tokyo time", order(**BUY, horizon={"end": "15:00", "tz": "Asia/Tokyo"})),
    ("Buy 10k AAPL 10:00-15:30, CET", order(**BUY, horizon={"start": "10:00", "end": "15:30", "tz": "Europe/Paris"})),
    ("Buy 10k AAPL over 30m", asks([], ["ambiguous_unit"], **BUY)),
    ("Buy 10k AAPL tomorrow", asks([], ["unparsed_text"], **BUY)),
    ("buy 10k AAPL 15:30-10:00", refused(["conflicting_time"], **BUY, horizon={"start": "15:30", "end": "10:00"})),
    ("Buy 10k AAPL by 2pm until close", refused(["conflicting_time"], **BUY)),
    ("Buy 10k AAPL over 2-3 days", refused(["conflicting_time"], **BUY)),
    ("buy 10k AAPL into the close", order(**BUY, horizon={"end": "close"})),
)

FURTHER_ORDERS = (*DEMO, *SYMBOLS, *SIDES, *SIZES, *ALGOS, *PRICES, *TIMES)
