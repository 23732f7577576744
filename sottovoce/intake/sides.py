"""Which words carry a side (R4). A verb that is in no table carries none."""

from __future__ import annotations

from sottovoce.intake.phrases import Found, longest_first, phrase
from sottovoce.intake.reading import Reading
from sottovoce.intake.tables import SIDE_PHRASES

SIDE_CELLS = {"=buy": "buy", "=sell": "sell", "=sell_short": "sell_short", "=buy_to_cover": "buy_to_cover"}
_PATTERNS = [(side, longest_first(table)) for side, table in SIDE_PHRASES.items()]
_LONG_POSITION = phrase(
    "[our|my|the] {long} =([<S>] (position|positions|holding))",
    "{long} term",
    "as {long} as",
    "{long} only",
    ("{long} =(<S> (position|holding))"),
)
_SHORT_IN_COVER = phrase("(cover|covering) ~3 [<NMF>] ~2 [<S>] ~1 {short} [position|positions]")


def mark_sides(reading: Reading) -> None:
    """Write "=buy", "=sell", "=sell_short" or "=buy_to_cover" in place of the words that say so.

    Of phrases that begin at one word the longest counts: "lift the offer" buys.
    """
    while reading.take(_LONG_POSITION):
        pass
    if _COVER_SHORT.search(reading.line) is None:
        reading.take(_SHORT_IN_COVER, "side")
    while (found := _first_side(reading)) is not None:
        match, side = found
        at = match.at()
        reading.use(match, "side")
        reading.put(at, f"={side}")


_COVER_SHORT = phrase("(cover|close|close out|buy in) [our|my|the] short")


def _first_side(reading: Reading) -> tuple[Found, str] | None:
    found = [(match, side) for side, pattern in _PATTERNS if (match := reading.find(pattern)) is not None]
    return min(found, key=lambda pair: (pair[0].start(), -pair[0].end()), default=None)


def combined(one: str | None, other: str) -> str | None:
    """One side from two words of one leg: "sell … short" is a short sale; None where they disagree."""
    if one is None or one == other:
        return other
    pair = {one, other}
    if pair == {"sell", "sell_short"}:
        return "sell_short"
    if pair == {"buy", "buy_to_cover"}:
        return "buy_to_cover"
    return None
