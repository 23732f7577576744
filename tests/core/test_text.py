"""Which text may enter: what cannot be seen, or is not composed, is refused; plain text of any script is not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.text import TEXT_LENGTH_MAX, fault_of, is_identifier, is_symbol, shown

HIDDEN = ["\x00", "\n", "\x7f", "\u200b", "\u200d", "\u202e", "\u2066", "\ufeff", "\u2028", "\ud800", "\ue000"]


@pytest.mark.parametrize("letter", HIDDEN)
def test_what_cannot_be_seen_is_named_with_its_place(letter: str) -> None:
    assert fault_of(f"ab{letter}c") == f"U+{ord(letter):04X} at character 3"
    assert not is_identifier(f"ab{letter}c")
    assert not is_symbol(f"ab{letter}c")


@pytest.mark.parametrize("text", ["", "plain", "für den Fonds", "買い注文", "Ünïcode “…”", "x" * TEXT_LENGTH_MAX])
def test_plain_text_of_any_script_passes(text: str) -> None:
    assert fault_of(text) == ""


def test_text_is_composed_and_short() -> None:
    assert fault_of("e\u0301") == "not in composed form (NFC)"
    assert fault_of("x" * (TEXT_LENGTH_MAX + 1)) == "257 characters"


@pytest.mark.parametrize("symbol", ["ААPL US", "ＡＡＰＬ", "", " AAPL", "A" * 41, "=AAPL", "AAPL\u00a0US"])
def test_look_alikes_are_no_symbols(symbol: str) -> None:
    assert not is_symbol(symbol)


@pytest.mark.parametrize("symbol", ["AAPL US", "BRK.B US", "BF/B", "0700 HK", "AAPL.XNAS"])
def test_symbols_people_write_pass(symbol: str) -> None:
    assert is_symbol(symbol)


@given(st.text(max_size=60))
def test_accepted_text_has_nothing_hidden(text: str) -> None:
    if fault_of(text) == "":
        assert unicodedata.normalize("NFC", text) == text
        assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn"} for letter in text)


@given(st.text(max_size=200))
def test_shown_text_is_short_plain_ascii(text: str) -> None:
    assert shown(text).isascii()
    assert shown(text).isprintable()
    assert len(shown(text)) <= 40 * 10 + 2
