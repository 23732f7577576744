"""Questions about the market's answer so far: what is asked, against what, over which time (R12)."""

from __future__ import annotations

from decimal import Decimal

from sottovoce.intake.existing import read_scope
from sottovoce.intake.numbers import whole
from sottovoce.intake.phrases import phrase
from sottovoce.intake.reading import Reading

METRICS = (
    ("venue_performance", phrase(
        "[best|worst|by|per|each|which|what] (venue|venues|exchange|exchanges|dark pool|dark pools|darks|lit markets|"
        "destinations|destination) [performance|performing|stats|statistics|ranking|quality|breakdown|split|fills|"
        "fill rate|fill rates|doing]", (
            "(performance|breakdown|split|fills|fill rate|fill rates) (by|per) (venue|exchange)"
        ))),
    ("rejects", phrase("(reject|rejects|rejected|rejection|rejections|rejecting|refused|refusals|bounced|rejs|rej)")),
    ("risk_usage", phrase(
        "(risk usage|limit usage|limits usage|risk limits|risk limit|risk utilisation|risk utilization|limit "
        "utilisation|limit utilization|headroom|risk budget|exposure|risk used|usage of [our|my] limits|limits|limit|"
        "risk)")),
    ("projected_completion", phrase(
        "(projected completion|expected completion|completion time|projected finish|projected to (finish|complete)|"
        "expected to (finish|complete)|on track [to finish|to complete]|eta|when will|when do|when does|when is|whens|"
        "how long until|how long till|how long|time to complete|time remaining|time left|(going|likely|expected) to "
        "(finish|complete|be done|be completed|be filled|get done|make it)|will (we|it|order _|_|order|the order) "
        "(finish|complete|be done|get done|be completed|make it|be finished)|will we get [it|this|_] done|completion "
        "[probability|estimate|forecast]|finish time|are we going to (finish|complete|get done)|finishing|finish)")),
    ("participation", phrase(
        "(participation rate|participation|pov|participating|share of [the|market] (volume|tape|market)|(percent|"
        "percentage|pct|per cent|fraction|how much|%) of [the|market] (volume|tape))")),
    ("pct_complete", phrase(
        "how much (have we|has been|is|did we|of|do we have|has|have i|did i|more) ~2 (done|filled|complete|completed|"
        "executed|traded|bought|sold|left|remaining|outstanding|finished|to go)", (
            "how much (is|of|do we have|has|have|did|remains)"
        ), (
            "(how far along|how far|how complete|how much is left|how much is done|percent complete|percentage "
            "complete|pct complete|% complete|percent done|% done|pct done|per cent complete|complete|completed|"
            "progress|how done|remaining|left|unfilled|outstanding|leaves|what percent|what percentage|done|"
            "percentage [is] (done|filled|complete))"
        ))),
    ("fills", phrase(
        "(fill|fills|filled|executions|execs|executed|prints|trades|traded|bought|sold|execution reports|fill rate|"
        "last fill)")),
    ("slippage", phrase(
        "(slippage|shortfall|implementation shortfall|performance|cost|costs|costing|tracking error|how are we doing|"
        "hows it going|how is it going|how are we|how am i doing|how did we do|how have we done|how we doing|doing|"
        "performing|tracking|beating|trailing|lagging|running|impact|bps|how)")),
)  # fmt: skip
_LEFTOVERS = phrase(
    "(slippage|performance|cost|doing|performing|tracking|beating|running|fill|fills|filled|done|complete|completed|"
    "executed|finish|quality|rate|percent|percentage|%|bps|going|left|remaining|best|worst|far|much|many|shortfall)"
)
_BENCHMARK = phrase(
    "[measured|relative|compared|benchmarked|as] (vs|versus|against|relative to|compared to|compared with|to|over|"
    "v|from|beating|tracking|than|on|slippage) [the|its|our|interval|day|full day|todays] "
    "(arrival|vwap|twap|close|open|decision|mid|midpoint|pwp|benchmark) [price|px|mid|benchmark]",
    "(arrival|vwap|twap|decision) (slippage|performance|shortfall|cost|benchmark|price)",
)
_NAMES = ("arrival", "vwap", "twap", "close", "open", "decision", "midpoint", "mid", "pwp")
_WINDOW = phrase(
    "[in|over|during|within|for|from|since] [the] (last|past|previous|trailing|latest|prior) <n:N> (minutes|"
    "minute|mins|min)",
    "[in|over|during|within|for|from] [the] (last|past|previous|trailing|prior) <n:N> (hours|hour|hrs|hr|h)",
)
_LAST_HOUR = phrase("[in|over|during|within|for|from] [the|this] (last|past|previous|trailing) hour")
_HALF_HOUR = phrase("[in|over|during|within|for|from] [the] (last|past|previous|trailing) (half hour|half an hour)")
_TALK = phrase(
    "(how|hows|what|whats|when|whens|where|wheres|why|which|who|is|are|am|did|does|do|was|were|has|have|had|been|"
    "any|anything|show|display|list|"
    "give|tell|report|status|see|know|let|get|got|will|would|should|could|can|may|might|we|i|you|it|they|there|so|"
    "far|today|now|right|currently|"
    "current|latest|update|updates|on|about|me|us|so far|much|many|up|to|date|going|been|being|still|yet|all|"
    "every|all of|everything|recent|"
    "recently|this|morning|afternoon|session|day|send|query|explain|compare|summary|summarise|summarize|quick|"
    "check|where|standing|stand|looking|look|like|close|near|our|expect|expected|think|estimate|limit|limits|"
    "usage)"
)


def read_query(reading: Reading, context: dict[str, str]) -> None:
    """Read a question into `query.*`; its instrument goes to `symbol`, its orders to `target.*`."""
    _read_window(reading)
    benchmark = reading.take(_BENCHMARK, "query.benchmark")
    if benchmark is not None:
        words = benchmark.text().split()
        name = next((name for name in _NAMES if name in words), None)
        if name is not None:
            reading.values["query.benchmark"] = "mid" if name == "midpoint" else name
    for metric, pattern in METRICS:
        match = reading.find(pattern)
        if match is not None and match.text().strip():
            reading.use(match, "query.metric")
            reading.values["query.metric"] = metric
            break
    else:
        if benchmark is not None:
            reading.values["query.metric"] = "slippage"
        else:
            reading.issues.add("unparsed_text")
    read_scope(reading, context)
    if "target.symbol" in reading.values:
        reading.values["symbol"] = reading.values.pop("target.symbol")
    while reading.take(_LEFTOVERS) or reading.take(_TALK):
        pass


def _read_window(reading: Reading) -> None:
    match = reading.take(_WINDOW, "query.window_minutes")
    if match is not None:
        token = reading.token(match, "n")
        hours = any(unit in match.text().split() for unit in ("hours", "hour", "hrs", "hr", "h"))
        value = None if token.value is None else token.value * (60 if hours else 1)
        count = whole(value) if value is not None and abs(value) < Decimal(10**6) else None
        if count is None or token.scaled:
            reading.issues.add(token.fault or "ambiguous_unit")
        else:
            reading.values["query.window_minutes"] = count
    elif reading.take(_HALF_HOUR, "query.window_minutes"):
        reading.values["query.window_minutes"] = 30
    elif reading.take(_LAST_HOUR, "query.window_minutes"):
        reading.values["query.window_minutes"] = 60
