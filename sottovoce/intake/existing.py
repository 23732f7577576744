"""Instructions about orders that exist: cancel, pause, resume, modify (R12)."""

from __future__ import annotations

from sottovoce.intake.algos import PARTICIPATION_MAX, take_algos, take_caps
from sottovoce.intake.horizon import take_horizon
from sottovoce.intake.intents import take_order_id
from sottovoce.intake.numbers import QUANTITY_MAX, whole
from sottovoce.intake.phrases import Found, Phrase, longest_first, phrase
from sottovoce.intake.reading import Reading
from sottovoce.intake.symbols import is_word
from sottovoce.intake.tif import take_lone_day, take_time_in_force
from sottovoce.intake.tokens import Token
from sottovoce.intake.urgency import take_urgency

_SIDES = {
    "sell_short": phrase("(shorts|short sales|short orders|short sells|short order)"),
    "buy_to_cover": phrase("(covers|buy to covers|cover orders|cover order)"),
    "buy": phrase("(buys|bids|buy orders|buy order|buy side|purchases|longs|buy)"),
    "sell": phrase("(sells|offers|sell orders|sell order|sell side|sales|asks|sell)"),
}
_MINE = phrase("(my|mine|my own|i have|ive got|of mine)")
_BASKET = phrase(
    "[in|of|from] [the|my|our] <b:*> (basket|program|list|portfolio)",
    ("[in|of|from] [the|my|our] (basket|program|list) <b:*>"),
)
_EVERYTHING = phrase("(all|everything|every|any|each|whole book|the lot|anything)")
_NOUNS = phrase(
    "[open|live|working|resting|outstanding|active|pending|current|remaining|unfilled] (order|orders|activity|slices|"
    "children|flow|trading|work|interest|execution|quotes)",
    "(open|live|working|resting|outstanding|active)",
)
_SYMBOL = phrase("[in|on|for|of] {<s:S>}")
_POLISH = phrase(
    "(now|right now|immediately|asap|straight away|right away|at once|quickly|urgently|for now|for the moment|until "
    "further notice|entirely|completely|again|out|off|back|only|down)"
)


def read_scope(reading: Reading, context: dict[str, str], *, sides: bool = True) -> bool:
    """Read which orders are meant into `target.*`; True if anything at all was named."""
    basket = reading.take(_BASKET, "target.basket")
    if basket is not None:
        reading.settle("target.basket", _typed(reading, basket, "b"), "symbol_ambiguous")
    for side, pattern in _SIDES.items():
        if sides and reading.take(pattern, "target.side"):
            reading.settle("target.side", side, "conflicting_side")
    if reading.take(_MINE, "target.owner"):
        reading.settle("target.owner", "me", "unparsed_text")
    for match in reading.take_all(_SYMBOL, "target.symbol"):
        reading.settle("target.symbol", reading.token(match, "s").name, "symbol_ambiguous")
    order_id = take_order_id(reading) or (context.get("order_id") if not _scoped(reading) else None)
    if order_id is not None:
        reading.settle("target.order_id", order_id, "unparsed_text")
    everything = reading.take(_EVERYTHING, "target.scope") is not None
    while reading.take(_NOUNS) or reading.take(_POLISH) or reading.take(_EVERYTHING):
        pass
    if reading.unread(kinds="UX") or any(_is_name(reading, at) for at in reading.unread(kinds="W")):
        return False
    return everything or _scoped(reading)


def _is_name(reading: Reading, at: int) -> bool:
    """A word in capitals that no rule knows is a name nobody resolved: no scope may be wider than meant."""
    token = reading.tokens[at]
    return not reading.loud and token.text[:1].isupper() and not is_word(token.cell)


def _scoped(reading: Reading) -> bool:
    return any(name.startswith("target.") and value is not None for name, value in reading.values.items())


def _typed(reading: Reading, match: Found, group: str) -> str:
    token = reading.tokens[match.at(group)]
    return token.text.upper() if token.text.islower() else token.text


_LIMIT_TO = phrase(
    "[the|its|a|new|to|change|with] [price] (limit|lmt|lim|limit price|price|px) [price] [up|down] [on|of|for|in] "
    "[it|the order|this|_] [_] [up|down|out|in] (to|at|of|@|is) [a|be] <p:NM>",
    "[the|its|a|new|to|with] [price] (limit|lmt|lim|limit price|price|px) <p:NM>",
    "to <p:NM> (limit|lmt)",
    "(up|down) to a limit of <p:NM>",
    "@ <p:NM>",
)
_STOP_TO = phrase(
    "[the|its|a|new|to] (stop|stp|stop price|trigger) [price|level] [up|down] [on|of|for] [it|the order|_] [_] [to|at|"
    "of|is] <p:NM>"
)
_BY = phrase(
    "[size|quantity|qty|it|order] {[up|down] by [another|an extra|a further] <n:N> !(minutes|hours|days|minute|"
    "hour|day|min|mins) [shares|shs]}",
    "{<n:N> [shares|shs] (more|extra|on top)}",
    "{(another|an extra|a further|an additional) <n:N> [shares|shs]}",
    "{<n:N> [shares|shs] (less|fewer)}",
    "add {<n:N> [shares] [to]}",
    "{(up|down) <n:N>}",
)
_TO = phrase(
    "[the] [size|quantity|qty|shares|order size|total|it] [on|of|for] [it|the order|_] [_] [up|down|back] (to|at) [a|"
    "be] [total of] <n:N> [shares|shs|total|in total]",
    "(size|quantity|qty) [of|=] <n:N>",
)
_RATE = phrase(
    "[the|its|a|new|target] [participation|pov|participation rate|rate|pov rate] [rate] [on|of|for] [it|the order|"
    "_] [_] [up|down] (to|at) [a] <p:P> [pov|participation|of volume|of the volume|volume|vol|rate]",
    "(participation|pov|participation rate|rate) [of|at] <p:P>",
    "<p:P> (pov|participation|of volume|of the volume)",
)
_RATE_CAP = phrase(
    "(max participation|maximum participation|participation cap|max pov|cap|max volume|max rate|volume cap|volume "
    "limit|max) [rate] [on|of|for] [it|the order|_] [_] [to|at|of] <p:P> [of volume|of the volume|participation|pov]"
)
_END_TO = phrase(
    "[the] [end time|end|finish|deadline|horizon|finish time] [on|of|for] [it|the order|_] [_] [out] (to|until|till|"
    "at) <b:T>",
    "[out] to [the] (close|end of day|eod)",
)
_START_TO = phrase("[the] (start time|start) [on|of|for] [it|the order|_] [_] (to|at) <b:T>")
_SLOWER = phrase(
    "(slow|slow down|slow it down|slow it|ease|ease off|make it slower|more slowly|slower|less aggressive|less urgent|"
    "more passive|more patient|more passively|gentler)"
)
_FASTER = phrase(
    "(speed|speed up|speed it up|accelerate|faster|more aggressive|more urgent|more quickly|more aggressively|quicken|"
    "hurry up|less passive|less patient)"
)
_DOWNWARD = frozenset(
    "cut cutting reduce reducing lower lowering decrease shrink downsize trim shave drop less fewer down".split()
)
_VERB = longest_first(
    "change|changing|amend|amending|modify|modifying|adjust|adjusting|update|updating|edit|revise|cut|cutting|"
    "raise|raising|extend|extending|bump|bumping|increase|"
    "increasing|reduce|reducing|lower|lowering|lift|decrease|shrink|grow|upsize|downsize|trim|set|move|push|"
    "switch|shorten|tighten|widen|loosen|scale|take|"
    "drop|make|replace|put|convert|reprice|resize|shave|add|top up|bring|flip|turn|correct|tweak|give|up|walk|"
    "nudge|slow|speed"
)  # fmt: skip


def read_changes(reading: Reading) -> None:
    """Read what to change into `changes.*`."""
    down = any(cell in _DOWNWARD for cell in reading.cells)
    for match in reading.take_all(_LIMIT_TO, "changes.limit"):
        _settle_price(reading, match, "changes.limit")
    for match in reading.take_all(_STOP_TO, "changes.stop"):
        _settle_price(reading, match, "changes.stop")
    for pattern, name in ((_RATE_CAP, "changes.max_participation"), (_RATE, "changes.participation")):
        for match in reading.take_all(pattern, name):
            _settle_rate(reading, reading.token(match, "p"), name)
    _read_times(reading)
    for level, pattern in (("low", _SLOWER), ("high", _FASTER)):
        if _has_words(reading, pattern):
            reading.settle("changes.urgency", level, "unparsed_text")
    for match in reading.take_all(_BY, "changes.quantity_delta"):
        less = down or any(word in match.text().split() for word in ("less", "fewer", "down"))
        _settle_shares(reading, reading.token(match, "n"), "changes.quantity_delta", sign=-1 if less else 1)
    for match in reading.take_all(_TO, "changes.quantity"):
        _settle_shares(reading, reading.token(match, "n"), "changes.quantity", sign=1)
    _read_rest(reading)


def _has_words(reading: Reading, pattern: Phrase) -> bool:
    match = reading.take(pattern, "changes.urgency")
    if match is None:
        return False
    reading.take(phrase("it down"))
    reading.take(phrase("it up"))
    reading.take(phrase("{down} $END"))
    reading.take(phrase("{up} $END"))
    return True


def _read_times(reading: Reading) -> None:
    for match in reading.take_all(_START_TO, "changes.start"):
        _settle_clock(reading, reading.token(match, "b"), "changes.start")
    for match in reading.take_all(_END_TO, "changes.end"):
        if "b" not in match:
            reading.settle("changes.end", "close", "conflicting_time")
        else:
            _settle_clock(reading, reading.token(match, "b"), "changes.end")


def _read_rest(reading: Reading) -> None:
    """Clauses shared with new orders: caps, algorithms, time in force, horizon, urgency."""
    take_time_in_force(reading)
    take_caps(reading)
    take_horizon(reading)
    take_algos(reading)
    take_urgency(reading)
    take_lone_day(reading)
    moves = {
        "constraints.max_participation": "changes.max_participation",
        "algo_params.participation": "changes.participation",
        "algo": "changes.algo",
        "tif": "changes.tif",
        "urgency": "changes.urgency",
        "horizon.start": "changes.start",
        "horizon.end": "changes.end",
    }
    for source, target in moves.items():
        value = reading.values.pop(source, None)
        if value is not None and not (
            source == "algo" and value == "POV" and "changes.participation" in reading.values
        ):
            reading.settle(target, value, "conflicting_time")
            reading.words.setdefault(target, []).extend(reading.words.pop(source, []))
    for name in ("horizon.minutes", "horizon.days", "horizon.tz"):
        if reading.values.pop(name, None) is not None:
            reading.issues.add("unparsed_text")
    while reading.take(_VERB, "intent"):
        pass


def _settle_price(reading: Reading, match: Found, name: str) -> None:
    value = reading.decimal(reading.token(match, "p"), name, conflict="conflicting_price")
    if value == 0:
        reading.issues.add("out_of_range")


def _settle_rate(reading: Reading, token: Token, name: str) -> None:
    most = PARTICIPATION_MAX if name == "changes.participation" else 1
    value = reading.decimal(token, name)
    if value is not None and value >= 0 and not 0 < value <= most:
        reading.issues.add("out_of_range")


def _settle_clock(reading: Reading, token: Token, name: str) -> None:
    if token.fault:
        reading.issues.add(token.fault)
    else:
        reading.settle(name, token.name, "conflicting_time")


def _settle_shares(reading: Reading, token: Token, name: str, *, sign: int) -> None:
    if token.fault or token.value is None:
        reading.issues.add(token.fault or "ambiguous_unit")
        return
    shares = whole(token.value)
    if shares is None or abs(shares) > QUANTITY_MAX:
        reading.issues.add("ambiguous_unit" if shares is None else "out_of_range")
        return
    if shares <= 0:
        reading.issues.add("negative_value" if shares < 0 else "zero_quantity")
    reading.settle(name, sign * shares, "conflicting_size")
