"""A small notation for phrases, compiled to regular expressions over a line of tokens.

The line holds one cell per token, each followed by a space: words in lower case, and typed tokens as a
letter and the token's number: N number, P percent, M money, T clock time, S symbol, I identifier,
F position-relative size. A phrase is written as people say it:

    (over|for) [the] [next] <n:N> (minute|minutes)

Words and (alternatives|like this) must be there, [these] may be; <n:N> captures a token of a class,
<n:NM> of either class, <w:*> any cell; {braces} mark the part that is used up when not all of it is;
=(...) and !(...) look ahead; ~3 skips up to three words; $END is the end
of the text. Every word of every phrase joins VOCABULARY:
what the rules can read is what is a word rather than a name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

VOCABULARY: set[str] = set()
EATEN = "eaten"

_PIECE = re.compile(
    r"\s+|<(?:(?P<name>\w+):)?(?P<kinds>[A-Z]+|\*)>|~(?P<gap>\d+)|(?P<look>[=!])\(|[\[\](){}|]|[^\s\[\](){}|<>]+"
)
_OPEN = {"[": "(?:", "(": "(?:"}
_CLOSE = {"]": ")?", ")": ")", "}": ")"}


class Found:
    """Where a phrase stands on the line, and the cells it captured."""

    __slots__ = ("_match", "_names", "starts")

    def __init__(self, match: re.Match[str], names: dict[str, list[str]]) -> None:
        self._match = match
        self._names = names
        self.starts: list[int] = []

    def __getitem__(self, name: str) -> str:
        return self._match[self._group(name)] or ""

    def __contains__(self, name: str) -> bool:
        return any(self._match[group] is not None for group in self._names.get(name, ()))

    def start(self, name: str = "") -> int:
        """First character of the phrase, or of a captured cell."""
        return self._match.start(self._group(name))

    def end(self, name: str = "") -> int:
        """Character after the phrase, or after a captured cell."""
        return self._match.end(self._group(name))

    def at(self, name: str = "") -> int:
        """Number of the token where the phrase, or a captured cell, begins."""
        return bisect_right(self.starts, self.start(name)) - 1

    def last(self, name: str = "") -> int:
        """Number of its last token."""
        return bisect_right(self.starts, max(self.start(name), self.end(name) - 1)) - 1

    def text(self) -> str:
        """The cells of the phrase, as they stand on the line."""
        return self._match.group()

    def _group(self, name: str) -> str | int:
        groups = self._names.get(name, ())
        return next((group for group in groups if self._match[group] is not None), groups[0] if groups else 0)


class Phrase:
    """A compiled phrase."""

    __slots__ = ("_names", "_pattern")

    def __init__(self, texts: tuple[str, ...]) -> None:
        self._names: dict[str, list[str]] = {}
        body = "|".join("".join(_pieces(text, self._names)) for text in texts)
        self._pattern = re.compile(rf"(?<!\S)(?:{body})")

    def search(self, line: str, start: int = 0) -> Found | None:
        """First place at or after `start`."""
        match = self._pattern.search(line, start)
        return None if match is None else Found(match, self._names)

    def match(self, line: str, start: int = 0) -> Found | None:
        """The phrase exactly at `start`."""
        match = self._pattern.match(line, start)
        return None if match is None else Found(match, self._names)


def phrase(*texts: str) -> Phrase:
    """Compile phrases into one; where several fit at one place the earliest written wins."""
    return Phrase(texts)


def longest_first(*texts: str) -> Phrase:
    """Compile phrases into one in which a phrase of more words is tried before a shorter one."""
    each = [option for text in texts for option in options(text)]
    return phrase(*sorted(each, key=lambda text: (-len(text.split()), text)))


def options(text: str) -> list[str]:
    """The alternatives of a phrase: split at the bars outside all brackets."""
    parts, depth = [""], 0
    for char in text:
        depth += (char in "([{") - (char in ")]}")
        if char == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _pieces(text: str, names: dict[str, list[str]]) -> Iterator[str]:
    for match in _PIECE.finditer(text):
        piece = match.group()
        if piece.isspace():
            continue
        if match["kinds"]:
            yield _cell(match["name"], match["kinds"], names)
        elif match["gap"]:
            yield rf"(?:[a-z][^\s]* ){{0,{match['gap']}}}?"
        elif match["look"]:
            yield f"(?{match['look']}"
        elif piece == "{":
            yield f"(?P<{_group(EATEN, names)}>"
        elif piece in _OPEN:
            yield _OPEN[piece]
        elif piece in _CLOSE:
            yield _CLOSE[piece]
        elif piece == "|":
            yield "|"
        elif piece == "$END":
            yield r"(?=[;?, ]*$)"
        else:
            VOCABULARY.add(piece)
            yield re.escape(piece) + " "


def _cell(name: str | None, kinds: str, names: dict[str, list[str]]) -> str:
    body = r"[^\s,;_]\S*" if kinds == "*" else rf"[{kinds}]\d+"
    return f"(?P<{_group(name, names)}>{body}) " if name else f"{body} "


def _group(name: str, names: dict[str, list[str]]) -> str:
    """A group name of its own for each time a name is written in the alternatives of a phrase."""
    group = f"{name}_{len(names.setdefault(name, []))}"
    names[name].append(group)
    return group
