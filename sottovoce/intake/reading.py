"""The working sheet of one text: its line of tokens, what has been read from it, what is still unread.

Clauses take phrases from the line; what is taken cannot be read twice, and what nobody takes is shown
to the trader. A value read twice with two meanings is a conflict and stays empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from sottovoce.intake.numbers import text_of
from sottovoce.intake.phrases import EATEN, Found, Phrase
from sottovoce.intake.ticket import QuantityRule
from sottovoce.intake.tokens import Token

Value = str | int | bool | Decimal | tuple[str, ...] | None
"""What a field can hold while it is being read; dotted names ("horizon.end") become nested fields."""

TAKEN = "_"


class Reading:
    """One text on its way to a ticket."""

    def __init__(self, tokens: list[Token], *, loud: bool) -> None:
        self.tokens = tokens
        self.loud = loud
        self.cells = [f"{token.cell}{at}" if token.cell.isupper() else token.cell for at, token in enumerate(tokens)]
        self.values: dict[str, Value] = {}
        self.contested: set[str] = set()
        self.issues: set[str] = set()
        self.words: dict[str, list[str]] = {}
        self.places: dict[str, int] = {}
        self.algos: dict[str, bool] = {}
        self.prices: list[tuple[int, str, str]] = []
        self.pounds: set[str] = set()
        self.sided: set[str] = set()
        self.vague: set[int] = set()
        self.relative: dict[int, QuantityRule] = {}
        self._line: str | None = None
        self._starts: list[int] = []

    @property
    def line(self) -> str:
        """The cells, each followed by a space; taken cells are "_"."""
        if self._line is None:
            self._starts, at = [], 0
            for cell in self.cells:
                self._starts.append(at)
                at += len(cell) + 1
            self._line = "".join(f"{cell} " for cell in self.cells)
        return self._line

    def find(self, pattern: Phrase, start: int = 0) -> Found | None:
        """First place at or after character `start` of the line where the phrase stands, nothing taken."""
        line = self.line
        match = pattern.search(line, start)
        if match is not None:
            match.starts = self._starts
        return match

    def take(self, pattern: Phrase, field: str = "") -> Found | None:
        """Find the phrase and use up its words (or its braced part), noting them under `field`."""
        match = self.find(pattern)
        if match is not None:
            self.use(match, field)
        return match

    def take_all(self, pattern: Phrase, field: str = "") -> Iterator[Found]:
        """Take the phrase as often as it stands."""
        while (match := self.take(pattern, field)) is not None:
            yield match

    def use(self, match: Found, field: str = "") -> None:
        """Use up the words of a match (or of its braced part)."""
        part = EATEN if EATEN in match else ""
        self.use_cells(range(match.at(part), match.last(part) + 1), field)

    def use_cells(self, positions: range, field: str = "") -> None:
        """Use up tokens by number, noting their words under `field`."""
        words = [self.tokens[at].text for at in positions if self.cells[at] != TAKEN]
        for at in positions:
            self.cells[at] = TAKEN
        self._line = None
        if field and words:
            self.words.setdefault(field, []).append(" ".join(words))
            self.places.setdefault(field, positions.start)

    def put(self, at: int, cell: str) -> None:
        """Write another cell at a token's place."""
        self.cells[at] = cell
        self._line = None

    def token(self, match: Found, group: str) -> Token:
        """The token captured by a group of a phrase."""
        return self.tokens[int(match[group][1:])]

    def settle(self, field: str, value: Value, conflict: str) -> None:
        """Give a field its value; a second, different one empties it and raises `conflict`."""
        if field in self.contested:
            return
        known = self.values.get(field)
        if known is not None and not _same(known, value):
            self.contested.add(field)
            self.values[field] = None
            self.issues.add(conflict)
        else:
            self.values[field] = value

    def decimal(self, token: Token, field: str, *, conflict: str = "unparsed_text") -> Decimal | None:
        """Settle a decimal field from a number; faults become issues and leave the field empty."""
        if token.fault is not None:
            self.issues.add(token.fault)
            self.values.setdefault(field, None)
            return None
        assert token.value is not None, "a number without a fault has a value"
        text = text_of(token.value)
        if text is None:
            self.issues.add("out_of_range")
            self.values.setdefault(field, None)
            return None
        if token.value < 0:
            self.issues.add("negative_value")
        self.settle(field, text, conflict)
        return token.value

    def unread(self, *, kinds: str = "") -> list[int]:
        """Numbers of the tokens not yet taken, of these kinds (all if empty)."""
        return [
            at for at, cell in enumerate(self.cells) if cell != TAKEN and (not kinds or self.tokens[at].kind in kinds)
        ]


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, str) and isinstance(other, str) and one != other:
        try:
            return Decimal(one) == Decimal(other)
        except InvalidOperation:
            return False
    return one == other
