"""From what is left on the line to legs: side, size and symbol, in the order they stand (R2, R3, R5, R11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sottovoce.intake.price import take_bare_limit
from sottovoce.intake.reading import TAKEN, Reading
from sottovoce.intake.sides import SIDE_CELLS, combined
from sottovoce.intake.symbols import is_word
from sottovoce.intake.tables import CONNECTORS, FILLERS
from sottovoce.intake.tokens import Token


@dataclass
class Item:
    """One thing on the line: kind is side, size, symbol, name, gap, each or lost; at is its token."""

    kind: str
    at: int
    word: str = ""


@dataclass
class LegDraft:
    """A leg being read. sizes and symbols hold token numbers; more than one is a conflict."""

    side: str | None = None
    said: bool = False
    sizes: list[int] = field(default_factory=list)
    symbols: list[str] = field(default_factory=list)
    unresolved: bool = False
    parted: bool = False
    first: int = 0
    symbol_at: int | None = None

    @property
    def named(self) -> bool:
        return bool(self.symbols) or self.unresolved

    @property
    def empty(self) -> bool:
        return not self.sizes and not self.named


def read_legs(reading: Reading) -> list[LegDraft]:
    """Legs in input order; at least one, which may be empty. Unread words raise `unparsed_text`."""
    items = list(_items(reading))
    walk = _Walk(reading)
    for number, item in enumerate(items):
        walk.step(item, items[number + 1 :])
    return walk.finish()


def _items(reading: Reading) -> Iterator[Item]:
    named = False
    for at, cell in enumerate(reading.cells):
        if cell == TAKEN:
            continue
        kind = _kind(reading, at, cell, after_slot=named)
        if kind == "filler":
            continue
        if kind in {"side", "size", "name"}:
            named = True
        elif kind in {"symbol", "lost"}:
            named = False
        yield Item(kind, at, cell)


def _kind(reading: Reading, at: int, cell: str, *, after_slot: bool) -> str:
    """What a cell is to a leg; after_slot: a side or a size stands right before, so a name may follow."""
    if cell in SIDE_CELLS:
        return "side"
    if cell[1:] == str(at) and cell[:1] in _TYPED:
        return _TYPED[cell[:1]]
    if cell == "each":
        return "each"
    if cell in CONNECTORS:
        return "gap"
    if cell in FILLERS:
        return "filler"
    return "name" if _may_be_name(reading.tokens[at], cell, reading, after_slot=after_slot) else "lost"


_TYPED = {"F": "size", "N": "size", "M": "size", "S": "symbol", "U": "name"}


def _may_be_name(token: Token, cell: str, reading: Reading, *, after_slot: bool) -> bool:
    if token.kind == "X":
        return after_slot
    return token.kind == "W" and not is_word(cell) and (after_slot or _capital(reading, token))


def _capital(reading: Reading, token: Token) -> bool:
    return not reading.loud and token.text[:1].isupper() and token.text[1:].islower() and len(token.text) > 2


class _Walk:
    """Builds legs item by item."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.legs: list[LegDraft] = [LegDraft()]
        self.shared: int | None = None
        self.names: list[int] = []

    @property
    def leg(self) -> LegDraft:
        return self.legs[-1]

    def step(self, item: Item, following: list[Item]) -> None:
        if item.kind == "side":
            self._side(item, following)
        elif item.kind == "size":
            self._size(item, following)
        elif item.kind in {"symbol", "name"}:
            self._symbol(item, following)
        elif item.kind == "gap":
            self.leg.parted = True
        elif item.kind == "each":
            self._each()
        else:
            self._lost(item)

    def finish(self) -> list[LegDraft]:
        legs = [leg for leg in self.legs if not leg.empty] or [self._only_side()]
        if self.shared is not None:
            for leg in legs:
                leg.sizes = leg.sizes or [self.shared]
        return legs

    def _only_side(self) -> LegDraft:
        return next((leg for leg in reversed(self.legs) if leg.side is not None or leg.said), self.legs[-1])

    def _open(self, at: int) -> None:
        self.legs.append(LegDraft(side=self.leg.side, first=at))

    def _side(self, item: Item, following: list[Item]) -> None:
        side, leg = SIDE_CELLS[item.word], self.leg
        nearest = following[0].kind if following else "gap"
        complete = bool(leg.sizes) and leg.named
        restart = leg.said and leg.parted and not leg.empty and nearest in {"size", "symbol", "name"}
        if restart or (complete and nearest in {"size", "symbol", "name"}):
            self._open(item.at)
            self.leg.side, self.leg.said = side, True
            return
        known = leg.side if leg.said else None
        merged = combined(known, side)
        if merged is None:
            self.reading.issues.add("conflicting_side")
            self.reading.contested.add(f"side.{len(self.legs)}")
        leg.side, leg.said = merged, True
        if merged is None or f"side.{len(self.legs)}" in self.reading.contested:
            leg.side = None
        if not leg.empty:
            leg.parted = False

    def _size(self, item: Item, following: list[Item]) -> None:
        leg = self.leg
        if (leg.sizes and leg.named and _symbol_next(following)) or (
            leg.named and not leg.sizes and leg.parted and following and following[0].kind in {"symbol", "name"}
        ):
            self._open(item.at)
        elif leg.sizes and leg.named and self._trailing(item):
            if not take_bare_limit(self.reading, item.at):
                self._lost(item)
            return
        self.leg.sizes.append(item.at)
        self.leg.parted = False

    def _trailing(self, item: Item) -> bool:
        """A plain number after a complete leg is an unread price, not a second size."""
        token = self.reading.tokens[item.at]
        return token.kind == "N" and not token.scaled and "," not in token.text

    def _symbol(self, item: Item, following: list[Item]) -> None:
        leg = self.leg
        name = self.reading.tokens[item.at].name if item.kind == "symbol" else ""
        if item.kind == "name" and self.names and item.at == self.names[-1] + 1 and leg.unresolved:
            self.names.append(item.at)
            return
        if item.kind == "name" and leg.symbols:
            self._lost(item)
            return
        if name and name in leg.symbols:
            return
        if leg.named and not (item.kind == "symbol" and leg.unresolved and not leg.symbols):
            if leg.parted or self._symbols_first(following):
                self._open(item.at)
            elif item.kind == "symbol":
                leg.symbols.append(name)
                return
        leg = self.leg
        if item.kind == "symbol":
            if leg.unresolved:
                self.reading.issues.add("unparsed_text")
                leg.unresolved = False
            leg.symbols.append(name)
            leg.symbol_at = item.at
            self.reading.words.setdefault("symbol", []).append(self.reading.tokens[item.at].text)
        else:
            leg.unresolved = True
            self.names.append(item.at)
        leg.parted = False

    def _symbols_first(self, following: list[Item]) -> bool:
        """Legs written "AAPL 5k MSFT 3k": a symbol that a size follows begins the next one."""
        leg = self.leg
        written_so = bool(leg.sizes) and leg.symbol_at is not None and leg.symbol_at < leg.sizes[0]
        return written_so and bool(following) and following[0].kind == "size"

    def _each(self) -> None:
        if self.leg.sizes:
            self.shared = self.leg.sizes[-1]
        else:
            self._unread()

    def _lost(self, item: Item) -> None:
        token = self.reading.tokens[item.at]
        if token.fault:
            self.reading.issues.add(token.fault)
        self._unread(token.text)

    def _unread(self, text: str = "") -> None:
        self.reading.issues.add("unparsed_text")
        if text:
            self.reading.words.setdefault("unparsed_text", []).append(text)


def _symbol_next(following: list[Item]) -> bool:
    for item in following:
        if item.kind in {"symbol", "name"}:
            return True
        if item.kind == "size":
            return False
    return False
