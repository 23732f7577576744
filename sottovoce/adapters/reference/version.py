"""One numbered version of the instrument master: immutable, looked up by id or by what people write."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from sottovoce.adapters.reference.assembly import Rules
from sottovoce.adapters.reference.symbols import DEFAULT_MARKET, readings
from sottovoce.core.instrument import Instrument

SUGGESTIONS_MAX = 3
MARKET_LENGTH = 2

SPELLINGS_MAX = 10_000
"""Spellings remembered, so that a symbol is read once and not with every order."""


class ReferenceVersion:
    """Instruments of one version, in order of id.

    version counts from 1; digest is SHA-256 over what the version says of its instruments but for forecasts, so two
    files that say the same have the same digest whatever their form; forecasts_digest is over the forecasts alone, ""
    without any: they change every day, and a record is folded without them. as_of is the date of the figures; note says
    where they come from.
    """

    __slots__ = ("_by_id", "_spelled", "as_of", "digest", "forecasts_digest", "instruments", "note", "rules", "version")

    def __init__(
        self,
        *,
        version: int,
        as_of: str,
        note: str,
        rules: Mapping[str, Rules],
        instruments: Mapping[str, Instrument],
    ) -> None:
        self.version = version
        self.as_of = as_of
        self.note = note
        self.rules = dict(rules)
        self._by_id = dict(sorted(instruments.items()))
        self.instruments = tuple(self._by_id.values())
        self._spelled: dict[str, Instrument] = {}
        self.digest = hashlib.sha256(_without_forecasts(self.instruments)).hexdigest()
        ahead = [(each.instrument_id, each.forecasts) for each in self.instruments if each.forecasts]
        self.forecasts_digest = hashlib.sha256(msgspec.json.encode(ahead)).hexdigest() if ahead else ""

    def get(self, instrument_id: str) -> Instrument | None:
        """The instrument of an id, or None."""
        return self._by_id.get(instrument_id)

    def resolve(self, text: str) -> Instrument | None:
        """The instrument people mean by a symbol, or None: nothing is guessed, names are not symbols.

        A bare ticker is a US one; a listing ("AAPL.XNAS") must not contradict the one that is known.
        """
        found = self._spelled.get(text)
        if found is None:
            found = self._read(text)
            if found is not None and len(self._spelled) < SPELLINGS_MAX:
                self._spelled[text] = found
        return found

    def _read(self, text: str) -> Instrument | None:
        for ticker, suffix in readings(text):
            for market in self._markets(suffix):
                found = self._by_id.get(f"{ticker}.{market}")
                if found is not None and (len(suffix) <= MARKET_LENGTH or found.mic in (None, suffix)):
                    return found
        return None

    def suggest(self, text: str) -> list[str]:
        """Up to three symbols somebody may have meant, nearest first, for the sentence of an error.

        Only of the market the text names, if it names one.
        """
        from difflib import get_close_matches

        near = self._named(text)
        for ticker, suffix in readings(text)[:1]:
            markets = self._markets(suffix) or [DEFAULT_MARKET]
            by_ticker = {each.symbol[:-3]: each.symbol for each in self.instruments if each.symbol[-2:] in markets}
            near += [by_ticker[match] for match in get_close_matches(ticker, by_ticker, SUGGESTIONS_MAX)]
        return list(dict.fromkeys(near))[:SUGGESTIONS_MAX]

    def _markets(self, suffix: str) -> list[str]:
        if not suffix:
            return [DEFAULT_MARKET]
        if len(suffix) == MARKET_LENGTH:
            return [suffix]
        return [name for name, rules in self.rules.items() if suffix in rules.market.listing_mics]

    def _named(self, text: str) -> list[str]:
        """Symbols of companies whose name has the text as its first words."""
        words = text.casefold().split()
        if not words or len(" ".join(words)) <= MARKET_LENGTH:
            return []
        return [
            found.symbol
            for found in self.instruments
            if found.name.casefold().replace(",", " ").replace(".", " ").split()[: len(words)] == words
        ]


def _without_forecasts(instruments: tuple[Instrument, ...]) -> bytes:
    """The instruments in JSON as they were before there were forecasts, so that a record begun then still opens."""
    bare = [replace(each, forecasts=()) if each.forecasts else each for each in instruments]
    return msgspec.json.encode(bare).replace(b',"forecasts":[]', b"")
