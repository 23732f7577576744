"""Sizes relative to something else, and sizes too vague to be one (R5)."""

from __future__ import annotations

import re
from decimal import Decimal

from sottovoce.intake.phrases import EATEN, Found, Phrase, longest_first, phrase
from sottovoce.intake.reading import Reading
from sottovoce.intake.tables import VAGUE_SIZES
from sottovoce.intake.ticket import QuantityRule

_OURS = "(my|our|the|its|his|her|their|your|this|that|current|existing)"
_HELD = "(position|positions|holding|holdings|stake|exposure|inventory|shareholding|line|long position|long)"
_SHARES = {
    "three quarters": Decimal("0.75"), "a quarter": Decimal("0.25"), "one quarter": Decimal("0.25"),
    "quarter": Decimal("0.25"), "one half": Decimal("0.5"), "a half": Decimal("0.5"), "half": Decimal("0.5"),
    "all": Decimal(1), "entire": Decimal(1), "whole": Decimal(1), "full": Decimal(1), "everything": Decimal(1),
    "the lot": Decimal(1), "total": Decimal(1),
}  # fmt: skip
_WORDS = "(" + "|".join(_SHARES) + ")"
_OF_OURS = phrase(
    f"<p:P> of {_OURS} [entire|total|whole|full]",
    f"{_WORDS} [of] {_OURS} [entire|whole|full|total]",
    f"{_OURS} (entire|whole|full|complete|total)",
)
_OF_POSITION = phrase(f"<p:P> [of] [the|a|our|my] {_HELD}", f"{_WORDS} [of] [the|a] {_HELD}")
_OF_NAME = phrase(f"{{{_WORDS} [of]}} =(<SU>)", "{<p:P> of} =(<SU> [name] (position|positions|holding|holdings|stake))")
_OF_ADV = phrase(
    "<p:P> [of] [the|its|an|a|todays] [30 day|20 day|daily] (adv|average daily volume|avg daily volume|average "
    "volume|daily volume|adtv) [of|in]"
)
_POSITION = phrase(f"[{_OURS}] {_HELD} [in|of]", "(long|net) (position|holding)")
_NO_CURRENCY = phrase(
    "{<n:N> [of|in]} =((notional|worth|cash value))",
    "<n:N> [round|board|odd] (lot|lots|contracts|contract|blocks|block|units|bonds|clips) [of]",
)
_VAGUE = longest_first(VAGUE_SIZES)


def take_relative_sizes(reading: Reading) -> None:
    """Write a relative size as an F cell where it stands; the leg it belongs to is found later."""
    for match in reading.take_all(_OF_ADV):
        token = reading.token(match, "p")
        _place(reading, match, token.value, token.fault, "pct_adv")
    for pattern in (_OF_OURS, _OF_POSITION, _OF_NAME):
        while (found := _position_match(reading, pattern)) is not None:
            reading.use(found)
            share, fault = _share(reading, found)
            _place(reading, found, share, fault, "pct_of_position")


def _position_match(reading: Reading, pattern: Phrase) -> Found | None:
    """ "all the", "half the" count only where something of ours is meant: our, my, or a position named."""
    start = 0
    while (match := reading.find(pattern, start)) is not None:
        owned = re.search(r" (?:my|our|his|her|their|your|current|existing) ", f" {match.text()}")
        held = re.search(
            r"\b(?:position|positions|holding|holdings|stake|shareholding|inventory|exposure)\b", reading.line
        )
        if pattern is not _OF_OURS or owned or held:
            return match
        start = match.start() + 1
    return None


def _share(reading: Reading, match: Found) -> tuple[Decimal | None, str | None]:
    if "p" in match:
        token = reading.token(match, "p")
        return token.value, token.fault
    text = " ".join(match.text().split())
    for words, share in _SHARES.items():
        if re.search(rf"\b{words}\b", text):
            return share, None
    return Decimal(1), None


def _place(reading: Reading, match: Found, share: Decimal | None, fault: str | None, rule: str) -> None:
    at = match.at(EATEN if EATEN in match else "")
    if share is None:
        reading.issues.add(fault or "ambiguous_unit")
        reading.vague.add(at)
    else:
        if share <= 0:
            reading.issues.add("negative_value" if share < 0 else "zero_quantity")
        if share > 1 and rule == "pct_of_position":
            reading.issues.add("out_of_range")
        text = format(share, "f")
        reading.relative[at] = QuantityRule(
            pct_of_position=text if rule == "pct_of_position" else None, pct_adv=text if rule == "pct_adv" else None
        )
    reading.put(at, f"F{at}")


def take_vague_sizes(reading: Reading) -> None:
    """ "some", "a bit": a size was meant and none was given; "5m notional", "10 lots": of what?"""
    for match in reading.take_all(_NO_CURRENCY, "size"):
        reading.issues.add("ambiguous_unit")
        reading.vague.add(match.at())
        reading.put(match.at(), f"F{match.at()}")
    for match in reading.take_all(_VAGUE, "size"):
        at = match.at()
        reading.vague.add(at)
        reading.put(at, f"F{at}")


def take_position_words(reading: Reading) -> None:
    """ "position in" beside a size of its own says nothing more."""
    while reading.take(_POSITION):
        pass
