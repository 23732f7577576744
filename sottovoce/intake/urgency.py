"""How hard to push: low, medium, high (R9)."""

from __future__ import annotations

from sottovoce.intake.phrases import longest_first
from sottovoce.intake.reading import Reading

_WITH = "[with|at|on|for|and|but|in] [as|a|an|the|very]"
_LOW = longest_first(
    f"{_WITH} (minimal|minimum|min|low|lower|lowest|least|little|limited|small|smallest|minimised|minimized|"
    f"reduced|no) [possible] [price] [market] (impact|footprint)",
    "[and] (minimise|minimize|minimising|minimizing|reduce|reducing|limit|limiting|contain) [the|our|price] "
    "[market] (impact|footprint)",
    "[with] (as little|little) [market] impact as possible",
    "[with] as little [market] impact",
    "[and|but] (do not|dont|without) (move|moving|disturb|disturbing|spook|spooking|push|pushing|alert|alerting) "
    "[the] (market|price|stock|tape|street)",
    "[and] (be|very|stay|more|nice and|just|fairly|quite|go) [very] (patient|patiently|passive|passively|careful|"
    "carefully|slow|slowly|gentle|gently|quiet|quietly|discreet|discreetly|relaxed|easy|stealthy)",
    "(patient|patiently|passive|passively|careful|carefully|slow|slowly|gentle|gently|quiet|quietly|discreet|"
    "discreetly|relaxed|leisurely|unhurried|softly|cautious|cautiously|stealth|stealthy|stealthily|sotto voce|"
    "unobtrusively|subtly|lazily|unaggressive|opportunistically)",
    "[with] (patience|care|discretion|stealth)",
    "[there is|theres|in] no (rush|hurry|urgency|great rush|great hurry|real rush|real hurry|particular rush|pressure)",
    "(not|non|isnt|is not) [very|that|too|at all|an] (urgent|aggressive|aggressively|rushed)",
    "(do not|dont) (rush|hurry|push|be aggressive|chase) [it|this]",
    "[and] (slow it down|slow down|slow it|slow this down|ease off|ease back|back off|take it slow|take it slowly|"
    "take it easy|take your time|take our time|go slow|go easy|tone it down|dial it back)",
    f"{_WITH} low [urgency|aggression|aggressiveness|priority]",
    "(urgency|priority|aggression) [is|at] low",
    "[keep it] under the radar",
    "(light|soft) touch",
    "low key",
    "low",
    "over time",
    "[keep|keeping] [it] (quiet|low profile|low key)",
    "(low|small|light) footprint",
)
_HIGH = longest_first(
    "[it is|its|this is|very|most] (urgent|urgently|asap|a s a p)",
    "(right|straight) away",
    "[right] now",
    "(immediately|immediate|instantly|instant|at once|pronto|promptly|swiftly|quickly|quick|fast|faster|rapidly|"
    "speedily|hurry|hurry up|rush|rushed|rush it|stat|hastily)",
    "[be|very|more|go|get] (aggressive|aggressively|quickly|quick|faster|fast)",
    "as (soon|fast|quickly|quick) as (possible|you can|we can|poss)",
    f"{_WITH} (high|highest|top|maximum|max|utmost|great|extreme) (urgency|priority|aggression|aggressiveness|speed)",
    "[with] urgency",
    "(urgency|priority) [is|at] high",
    "high",
    "[and] (speed it up|speed up|speed this up|hurry it up|step it up|get a move on|step on it|push it|push "
    "harder|get it done|get it done now|get this done|accelerate|pick up the pace|go faster|lean in)",
    "without delay",
    "in a (hurry|rush)",
    "time (critical|sensitive)",
    "(need|needs|want|must have|must) [this|it] done [right] (now|asap|fast|quickly)",
)
_MEDIUM = longest_first(
    f"{_WITH} (medium|normal|moderate|neutral|average|standard|regular) [urgency|priority|aggression|pace]",
    "urgency (medium|normal)",
    "(moderately|normally)",
)


def take_urgency(reading: Reading) -> None:
    """Read urgency; two that disagree leave it at the default and ask."""
    for level, pattern in (("low", _LOW), ("high", _HIGH), ("medium", _MEDIUM)):
        while reading.take(pattern, "urgency"):
            reading.settle("urgency", level, "unparsed_text")
