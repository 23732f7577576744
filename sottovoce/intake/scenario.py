"""What a scenario says: the names it trades, what happens when, and what must be true of it.

Times are texts of the market's own clock ("10:05", "10:05:30"), or "end" for after the last order is over.
"""

from __future__ import annotations

import msgspec

END = "end"


class MadeUpName(msgspec.Struct, frozen=True, kw_only=True):
    """A name the scenario brings along: closing price in dollars, shares a day, volatility of a day as a fraction."""

    symbol: str
    close: float
    adv: float
    volatility: float


class Submit(msgspec.Struct, frozen=True, kw_only=True, tag="submit"):
    """An order, as the sentence a trader would type; label is what the scenario calls it."""

    label: str
    sentence: str


class Ask(msgspec.Struct, frozen=True, kw_only=True, tag="ask"):
    """A person asks something of an order: cancel, pause, resume, release, amend (to qty shares)."""

    verb: str
    label: str
    qty: int | None = None


class Firm(msgspec.Struct, frozen=True, kw_only=True, tag="firm"):
    """A person halts all trading, or lets it go on."""

    halt: bool


class VenueTrouble(msgspec.Struct, frozen=True, kw_only=True, tag="venue_trouble"):
    """A venue misbehaves for a while; kinds are those of sottovoce.adapters.faulty."""

    venue: str
    kind: str
    lasts_ns: int
    delay_ns: int = 0


class Happening(msgspec.Struct, frozen=True, kw_only=True, tag="happening"):
    """The market itself: a jump (fraction), a halt, or a burst of volatility (multiple) for a while."""

    symbol: str
    kind: str
    size: float = 0.0
    lasts_ns: int = 0


class Expect(msgspec.Struct, frozen=True, kw_only=True, tag="expect"):
    """What must hold: a figure of an order or a name compared with a value, or a word about the whole run."""

    subject: str
    figure: str
    operator: str
    value: str


Act = Submit | Ask | Firm | VenueTrouble | Happening | Expect


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One timed line of the file."""

    number: int
    clock: str
    text: str
    act: Act


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """A whole file, lines in order of time."""

    title: str
    lines: tuple[Line, ...]
    names: tuple[MadeUpName, ...] = ()
    date: str | None = None
    seed: int = 7
    market: str = "sim"
    approve: bool = False
    config: str | None = None
