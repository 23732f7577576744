"""Which algorithm is named, at which share of volume, and how the order ends in an auction (R6, R13)."""

from __future__ import annotations

from decimal import Decimal

from sottovoce.intake.phrases import phrase
from sottovoce.intake.reading import Reading
from sottovoce.intake.tokens import Token

PARTICIPATION_MAX = Decimal("0.5")

_CLOSE_ORDER = phrase(
    "(moc|loc)",
    "(market|limit|mkt|lmt) (on|at) [the] close",
    "(on|at) [the] (close|closing bell|bell) [only]",
    "[only] [in|on|at|via|using] [the] (closing auction|close auction|closing cross|closing call) [only]",
)
_TARGET_CLOSE = phrase(
    "target [the] close [algo]", "targeting [the] close", "tgt close", "close algo", "close strategy"
)
_OPEN_ORDER = phrase(
    "(moo|loo)",
    "(market|limit|mkt|lmt) (on|at) [the] open",
    "(on|at) [the] (open|opening|opening bell) [only]",
    "[only] [in|on|at|via|using] [the] (opening auction|open auction|opening cross|opening call) [only]",
)
_HOW = "[as|using|via|with|by|through] [a|an|the]"
_ALGO_PHRASES = (
    (
        "VWAP",
        phrase(
            f"{_HOW} [interval|full day|day] (vwap|volume weighted average price|volume weighted average|volume "
            f"weighted|volume weighting)"),
    ),
    (
        "TWAP",
        phrase(
            f"{_HOW} (twap|time weighted average price|time weighted average|time weighted|time sliced|time "
            f"slicing|time slice|even slices)"
        ),
    ),
    (
        "IS",
        phrase(
            f"{_HOW} (implementation shortfall|shortfall|arrival price|arrival algo)",
            "[at|vs|versus|against|benchmark|benchmarked|to|on|target|targeting|off|using|beat] [to|against|at] "
            "[the] arrival [price|px|mid|algo]",
            f"{_HOW} is (algo|algorithm|strategy|order)",
            "(using|via|algo|strategy|benchmark) [the] is",
        ),
    ),
    ("ICEBERG", phrase(f"{_HOW} (iceberg|icebergs|ice berg|reserve order|iceberged)")),
    (
        "LIQUIDITY",
        phrase(
            f"{_HOW} (liquidity seeking|liquidity seeker|liquidity seek|liquidity|seeker)",
            "(seek|seeking|find|finding|hunt|hunting|hunt for|source|sourcing|look for|looking for) [out] "
            "[natural|block|the] [liquidity|blocks]",
        ),
    ),
    (
        "SOR",
        phrase(
            f"{_HOW} (dma|sor|smart order router|smart order routing|smart router|smart routing|smart route|sor "
            f"sweep|sweep order|sweep|sweeping|direct market access)"
            " [the] [book|market|street|lit|venues]",
            "(direct|directly) [to] [the] [market]",
        ),
    ),
)  # fmt: skip
_PEG_REF = "(mid|midpoint|mid point|middle|mids|near|primary|passive|far|opposite|market|bid|offer|ask)"
_PEG = phrase(
    f"(peg|pegs|pegged|pegging) [order] [it] [to|at|on] [the] {_PEG_REF} [point|price|side|touch|px|peg]",
    f"{_PEG_REF} [point|price|side|touch] (peg|pegged|pegging) [order]",
)
_PEG_ALONE = phrase(
    f"{_HOW} (peg|pegged|pegging) [order]", "(midpoint|mid point) [only]", ("at [the] (mid|midpoint|mid price)")
)
_PEG_WORDS = {
    "mid": "mid", "midpoint": "mid", "middle": "mid", "mids": "mid", "near": "near", "primary": "near",
    "passive": "near", "far": "far", "opposite": "far", "market": "far", "bid": "bid", "offer": "offer",
    "ask": "offer",
}  # fmt: skip

_VOLUME = (
    "(of [the|total|market|actual|traded] [market|traded|trading|lit|total] (volume|volumes|vol|tape|flow|"
    "turnover)|pov|participation rate|"
    "participation|participating|volume|vol|part rate|of the market)"
)
_CAP = (
    "with a hard cap of|with a cap of|with a max of|with a maximum of|at a maximum of|at a max of|with a ceiling of|"
    "maximum of|max of|top|topping out at|at max|at maximum|maximum|max|never above|never over|never more than|"
    "never exceed|never "
    "exceeding|"
    "never beyond|never past|never go above|never go over|never higher than|never|no more than|no higher than|no "
    "greater than|not more than|not above|not over|not to exceed|"
    "not exceed|not exceeding|not higher than|do not exceed|dont exceed|do not go above|dont go above|do not go "
    "over|dont go over|"
    "do not be more than|dont be more than|do not trade more than|dont trade more than|cannot exceed|must not exceed|"
    "without exceeding|without going above|without going over|cap it at|cap us at|cap participation at|cap volume "
    "at|cap at|cap of|capped at|capping at|"
    "capped to|cap|hard cap|keep it under|keep it below|keep us under|keep us below|keep participation under|"
    "keep participation below|keeping it under|keeping it below|keeping under|keeping below|keep under|keep below|"
    "keep it to under|"
    "keep to under|stay under|stay below|staying under|staying below|stays under|stays below|remain below|remain "
    "under|remaining below|"
    "remaining under|under|below|less than|at most|up to|limit it to|limit participation to|limit volume to|"
    "limit us to|limited to|limiting to|limit to|restrict to|restricted to|ceiling of|ceiling|upper limit of|"
    "upper limit|"
    "participation cap|participation limit|participation max|max participation|maximum participation|max pov|"
    "maximum pov|max vol|"
    "max volume|maximum volume|max rate|max participation rate|maximum participation rate|participation cap of|"
    "max participation of|max pov of|volume limit|volume limit of|volume cap|volume cap of|volume cap at|keep it "
    "at or below|at or below"
)
_CAPS = "(" + "|".join(sorted(_CAP.split("|"), key=lambda text: -len(text.split()))) + ")"
_ADV = (
    "(of [the|its|an|our] [30 day|20 day|daily] (adv|average daily volume|avg daily volume|average volume|daily "
    "volume|average daily|advs)|"
    "adv|average daily volume|of a days volume)"
)
_CAP_TAIL = "[max|maximum|at most|limit|cap|tops]"
_MAX_ADV = phrase(f"[and] {_CAPS} [of|at] <p:P> {_ADV}", f"<p:P> {_ADV} (max|maximum|cap|limit|tops|at most|ceiling)")
_MAX_VOLUME = phrase(
    f"[and|but] {_CAPS} [of|at|is|to] <p:P> {_VOLUME} {_CAP_TAIL}",
    f"<p:P> {_VOLUME} (max|maximum|cap|limit|tops|at most|ceiling|or less|or lower)",
    f"[and|but] {_CAPS} [of|at|is|to] <p:P>",
    "<p:P> (max|maximum|cap|tops|at most|ceiling|limit) [participation|pov|of volume|volume|rate]",
)
_RANGE = phrase(
    f"[at|between|from|with|target|targeting|pov|participate|participating|work] [at|between] <a:PN> (-|to|and) "
    f"<b:P> {_VOLUME}",
    f"(pov|participation rate|participation|participate|participating|inline|in line|in line with volume|rate) "
    f"[rate|band|range] [at|of|from|between|in] <a:PN> (-|to|and) <b:P> [{_VOLUME}]",
)
_RATE = phrase(
    f"[at|target|targeting|with|as|be|running|using|go|going|participate|participating] [at|in|to] [a|an] [target|"
    f"rate of] <p:P> {_VOLUME} [algo]",
    "[at|using|with|via|as] [a|an] (pov|participation rate|participation|participate|participating|percentage of "
    "volume|percent of volume|volume participation) "
    "[rate|target] [at|of|rate|in|with|to|is|around] [a] [rate of] <p:P> [of volume|of the volume|of market "
    "volume|of the market|volume|rate]",
    "(in line with [the] volume|inline with [the] volume|with volume|follow volume|following volume|go with "
    "volume|inline) [at] <p:P>",
)
_POV_WORDS = phrase(
    "[at|using|with|via|as] [a|an] (pov|percentage of volume|percent of volume|percent of vol|volume "
    "participation|volume inline|% of volume|participation)",
    "(in line|inline|along|going|go|move|moving) with [the|market] (volume|volumes|vol|market volume|tape)",
    "(follow|following|track|tracking) [the|market] (volume|volumes|tape)",
    "inline",
)


def take_caps(reading: Reading) -> None:
    """Read caps on the share of volume and of ADV; they name no algorithm."""
    for match in reading.take_all(_MAX_ADV, "constraints.max_pct_adv"):
        _settle_share(reading, reading.token(match, "p"), "constraints.max_pct_adv", ceiling=None)
    for match in reading.take_all(_MAX_VOLUME, "constraints.max_participation"):
        _settle_share(reading, reading.token(match, "p"), "constraints.max_participation", ceiling=Decimal(1))


def _settle_share(reading: Reading, token: Token, field: str, *, ceiling: Decimal | None) -> None:
    value = reading.decimal(token, field)
    if value is not None and (value == 0 or (ceiling is not None and value > ceiling)):
        reading.issues.add("out_of_range")


def take_algos(reading: Reading) -> None:
    """Read algorithm names, auction orders and participation rates, then decide which one was meant."""
    _take_auction_orders(reading)
    _take_participation(reading)
    _take_peg(reading)
    for algo, pattern in _ALGO_PHRASES:
        while reading.take(pattern, "algo"):
            reading.algos[algo] = True
    _take_bare_is(reading)
    if "constraints.display_qty" in reading.values and not reading.algos:
        reading.algos["ICEBERG"] = False
    _decide(reading)


def _take_auction_orders(reading: Reading) -> None:
    for pattern, algo, tif in ((_CLOSE_ORDER, "CLOSE", "CLO"), (_OPEN_ORDER, "OPEN", "OPG")):
        while reading.take(pattern, "algo"):
            reading.algos[algo] = True
            reading.settle("tif", tif, "conflicting_time")
    while reading.take(_TARGET_CLOSE, "algo"):
        reading.algos["CLOSE"] = True


def _take_participation(reading: Reading) -> None:
    for match in reading.take_all(_RANGE, "algo_params.participation"):
        low, high = reading.token(match, "a"), reading.token(match, "b")
        _settle_range(reading, low, high)
    for match in reading.take_all(_RATE, "algo_params.participation"):
        _settle_rate(reading, reading.token(match, "p"), "algo_params.participation")
    while reading.take(_POV_WORDS, "algo"):
        reading.algos["POV"] = True


def _settle_range(reading: Reading, low: Token, high: Token) -> None:
    reading.algos["POV"] = True
    if low.kind == "N" and low.value is not None:
        low = Token(low.text, "P", "P", low.value.scaleb(-2))
    _settle_rate(reading, low, "algo_params.participation_min")
    _settle_rate(reading, high, "algo_params.participation_max")
    if low.value is not None and high.value is not None and low.value > high.value:
        reading.issues.add("out_of_range")


def _settle_rate(reading: Reading, token: Token, field: str) -> None:
    reading.algos["POV"] = True
    value = reading.decimal(token, field)
    if value is not None and not 0 < value <= PARTICIPATION_MAX and value >= 0:
        reading.issues.add("out_of_range")


def _take_peg(reading: Reading) -> None:
    while (match := reading.take(_PEG, "algo")) is not None:
        reading.algos["PEG"] = True
        reference = next(_PEG_WORDS[word] for word in match.text().split() if word in _PEG_WORDS)
        reading.settle("algo_params.peg", reference, "unparsed_text")
    while (alone := reading.take(_PEG_ALONE, "algo")) is not None:
        reading.algos["PEG"] = True
        if "mid" in alone.text():
            reading.settle("algo_params.peg", "mid", "unparsed_text")


def _take_bare_is(reading: Reading) -> None:
    """The two letters IS as an algorithm: upper case among lower, or between a symbol and a clause."""
    for at, token in enumerate(reading.tokens):
        if reading.cells[at] != "is":
            continue
        after = reading.cells[at + 1] if at + 1 < len(reading.cells) else ","
        before = reading.cells[at - 1] if at else ""
        clause = after in _IS_FOLLOWED or after[:1] in "_"
        if (token.text.isupper() and not reading.loud) or (clause and (before[:1] in "S_" and before[:1])):
            reading.use_cells(range(at, at + 1), "algo")
            reading.algos["IS"] = True


_IS_FOLLOWED = frozenset(", ; over until till by for with limit lmt low high urgent today all asap".split())


def _decide(reading: Reading) -> None:
    """One algorithm, or none with a question."""
    named = [algo for algo, said in reading.algos.items() if said]
    if len(named) > 1 and set(named) == {"PEG", "ICEBERG"}:
        named = []
        reading.issues.add("unparsed_text")
    if len(named) == 1:
        reading.values["algo"] = named[0]
    elif not named and reading.algos:
        reading.values["algo"] = next(iter(reading.algos))
    elif len(named) > 1:
        reading.values["algo"] = None
        reading.issues.add("unparsed_text")


def take_lone_rate(reading: Reading) -> None:
    """A percentage left over beside a POV without rate is its rate."""
    if reading.values.get("algo") != "POV" or any(name.startswith("algo_params.part") for name in reading.values):
        return
    left = reading.unread(kinds="P")
    if len(left) == 1:
        token = reading.tokens[left[0]]
        reading.use_cells(range(left[0], left[0] + 1), "algo_params.participation")
        _settle_rate(reading, token, "algo_params.participation")
