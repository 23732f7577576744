"""Which words carry a side (R4). A verb that is in no table carries none."""

from __future__ import annotations

from sottovoce.intake.phrases import longest_first, phrase
from sottovoce.intake.reading import Reading
from sottovoce.intake.tables import SIDE_PHRASES

SIDE_CELLS = {"=buy": "buy", "=sell": "sell", "=sell_short": "sell_short", "=buy_to_cover": "buy_to_cover"}
_PATTERNS = [(side, longest_first(table)) for side, table in SIDE_PHRASES.items()]
_LONG_POSITION = phrase("[our|my|the] {long} =([<S>] (position|positions|holding))", "{long} term", "as long as {possible}")
_SHORT_IN_COVER = phrase("=buy_to_cover ~4 [<S>] {short} [position|positions]", "=buy_to_cover ~3 [<NMF>] ~2 [<S>] ~1 {short}")


def mark_sides(reading: Reading) -> None:
    """Write "=buy", "=sell", "=sell_short" or "=buy_to_cover" in place of the words that say so."""
    while reading.take(_LONG_POSITION):
        pass
    _mark(reading, "buy_to_cover")
    while reading.take(_SHORT_IN_COVER, "side"):
        pass
    for side in ("sell_short", "sell", "buy"):
        _mark(reading, side)


def _mark(reading: Reading, side: str) -> None:
    pattern = next(pattern for name, pattern in _PATTERNS if name == side)
    while (match := reading.find(pattern)) is not None:
        at = reading.position(match.start())
        reading.use(match, "side")
        reading.put(at, f"={side}")


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
