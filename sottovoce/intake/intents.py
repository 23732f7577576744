"""What kind of instruction a text is (R11, R12): read from its first meaningful words."""

from __future__ import annotations

from sottovoce.intake.phrases import longest_first, phrase
from sottovoce.intake.reading import TAKEN, Reading

_POLITE = phrase(
    "(please|pls|plz|can you|could you|would you|will you|can we|could we|kindly|i want to|i want you to|i would "
    "like to|id like to|"
    "id like you to|we want to|we need to|i need to|i need you to|you can|lets|ok|okay|hi|hello|hey|so|and|now|"
    "then|also|just|go ahead and|go and|team|desk|"
    "good morning|morning|need to|want to|have to|you should|asap|urgent|urgently|immediately|quickly|,|;)"
)
_KILL = phrase(
    "[hit|pull|press|use|activate|engage|trigger|trip] [the] kill switch [now]",
    "(kill|halt|stop|cease|shut down|shut off) [all|everything] [our|my|the] trading [now|immediately|everywhere]",
    "(kill|halt|stop) all [of] [our|my|the] trading [now|immediately|everywhere]",
    "kill [it|all|now|it now|it all|it all now|switch|!] $END",
)
_REBALANCE = phrase("[portfolio] (rebalance|rebalancing|rebal|re balance|reweight|re weight|reweigh)")
_CANCEL = phrase(
    "(cancel|cancels|cancelling|canceling|cxl|cxls|cncl|canx|canc|pull|pulling|kill|scratch|scrap|withdraw|nix|"
    "yank|axe|abort|call off|take down|"
    "remove|delete|flush)"
)
_PAUSE = phrase(
    "(pause|pausing|hold|hold off on|hold off|hold up|suspend|suspending|freeze|halt|stand down on|stand down|put "
    "on hold|put a hold on|stop working|"
    "stop trading|stop executing|wait on|wait with)"
)
_RESUME = phrase(
    "(resume|resuming|unpause|un pause|restart|continue|continue with|continue working|carry on with|carry on|"
    "unfreeze|reinstate|reactivate|go on with|"
    "unhold|un hold|un suspend|unsuspend|start working again|take off hold|pick back up)"
)
_ID = "[order|ord|orders|parent|ticket] [id|number|no|num|ref] [#]"
_CHANGE = longest_first(
    "cap|change|changing|amend|amending|modify|modifying|adjust|adjusting|update|updating|edit|revise|cut|cutting|"
    "raise|raising|extend|extending|bump|bumping|"
    "increase|increasing|reduce|reducing|lower|lowering|lift|decrease|shrink|grow|up|upsize|downsize|trim|set|"
    "move|push|switch|shorten|slow|slow down|"
    "speed up|speed|accelerate|tighten|widen|loosen|scale|take|drop|make|replace|put|convert|reprice|resize|shave|"
    "add|top up|bring|flip|turn|correct|tweak|give|walk|nudge"
)
_ORDER_REF = phrase(
    "(order|ord|orders|parent|ticket|order id|order number|order no|id) [id|number|no|num|ref|with id] [#] <o:NI>",
    "# <o:NI>",
    "(order|ord) <o:*>",
)
_BARE_REF = phrase(
    "<o:N> =(to|by|up|down|limit|lmt|until|till|til|so|be|more|less|a bit|and|into|out|,|gtc|ioc|fok|vwap|"
    "twap|faster|slower|passive|aggressive|urgent|patient|price|size|qty|quantity|on|end|start|participation|max|"
    "stop|at|with|$END)"
)
_ON_REF = phrase("(on|of|for|in) <o:N>")
_QUESTION = phrase(
    "(how|hows|what|whats|when|whens|where|wheres|why|which|who|is|are|am|did|does|do we|do you|was|were|has|have "
    "we|have you|any|anything|show|display|list|give me|"
    "tell me|report|status|update me|are we|will we|will it|will order|will the|let me see|let me know|get me the|"
    "can i see|can we see|can i get|could i see|pull up|send me|"
    "should we|should i|remind me|query|explain|describe|summarise|summarize|compare)"
)


def intent_of(reading: Reading) -> str:
    """new, rebalance, modify, cancel, pause, resume, query or kill; a basket is a new with several legs."""
    polite = _skip_polite(reading)
    line = reading.line[polite:]
    if (kill := reading.find(_KILL, polite)) is not None and kill.start() == polite:
        reading.use(kill, "intent")
        return "kill"
    if _REBALANCE.match(line) or reading.find(_REBALANCE):
        reading.take(_REBALANCE, "intent")
        return "rebalance"
    for intent, pattern in (("resume", _RESUME), ("pause", _PAUSE), ("cancel", _CANCEL)):
        match = reading.find(pattern, polite)
        if match is not None and match.start() == polite and not _opens_display(reading, match.end()):
            reading.use(match, "intent")
            return intent
    if _is_modify(reading, polite):
        return "modify"
    return _late_intent(reading, polite)


def _late_intent(reading: Reading, polite: int) -> str:
    asked = _QUESTION.match(line) if (line := reading.line[polite:]) else None
    if asked is not None and not _shows_size(reading, polite + asked.end(), asked.text()):
        return "query"
    if reading.line.rstrip().endswith("?") and polite == 0:
        return "query"
    return "new"


def _skip_polite(reading: Reading) -> int:
    at = 0
    while (match := _POLITE.match(reading.line, at)) is not None:
        at = match.end()
    return at


def _opens_display(reading: Reading, at: int) -> bool:
    """A verb such as "pull" or "hold" that goes on to a side word belongs to a new order."""
    return reading.line.startswith(("up ", "back "), at)


def _shows_size(reading: Reading, at: int, words: str) -> bool:
    return words.strip() in {"show", "display"} and reading.line[at : at + 1] == "N"


def _is_modify(reading: Reading, polite: int) -> bool:
    verb = _CHANGE.match(reading.line, polite) or _CHANGE.search(reading.line)
    headed = _HEADED.match(reading.line, polite) is not None
    if verb is None or headed:
        return headed
    if _HAS_SIDE.search(reading.line):
        return False
    if _reference(reading) is not None:
        return True
    leading = verb.start() == polite
    if not leading:
        return False
    if _BARE_REF.match(reading.line, verb.end()) is not None and not reading.unread(kinds="SU"):
        return not reading.tokens[_at(reading, verb.end())].scaled
    return _CONTEXTUAL.search(reading.line, verb.end()) is not None


_HEADED = phrase(
    "[on|for] (order|ord) [#] <N> [,] [limit|lmt|price|size|qty|quantity|to|by|up|down|end|participation|max|stop]",
    "[on|for] # <N>",
)
_CONTEXTUAL = phrase(
    "[the|my|our] (limit|lmt|price|order|orders|end time|end|start|participation|rate|urgency|stop|algo|cap|size|"
    "quantity|it)"
)
_HAS_SIDE = phrase("(buy|sell|short|cover|purchase) <NM>")


def _at(reading: Reading, character: int) -> int:
    """Number of the token that begins at a character of the line."""
    return reading.line[:character].count(" ")


def _reference(reading: Reading) -> str | None:
    start = 0
    while (match := reading.find(_ORDER_REF, start)) is not None:
        start = match.start() + 1
        text = reading.tokens[match.at("o")].text
        if _is_id(text):
            return text
    return None


def take_order_id(reading: Reading) -> str | None:
    """The order number a text names: after "order" or "#", else the first bare whole number."""
    for pattern in (_ORDER_REF, _ON_REF, _BARE_REF, phrase("<o:NI>")):
        start = 0
        while (match := reading.find(pattern, start)) is not None:
            start = match.start() + 1
            token = reading.tokens[match.at("o")]
            if not _is_id(token.text) or reading.cells[match.at("o")] == TAKEN:
                continue
            if token.kind == "N" and (token.scaled or token.fault or "." in token.text or "," in token.text):
                continue
            first, last = match.at(), match.at("o")
            reading.use_cells(range(first, last + 1), "target.order_id")
            return token.text
    return None


def _is_id(text: str) -> bool:
    return any(char.isdigit() for char in text) and text[0].isalnum()
