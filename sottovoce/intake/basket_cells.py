"""One cell of a basket file at a time: what it may say, and the sentence when it says something else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from sottovoce.core.enums import Side, Strategy, TimeInForce, Urgency
from sottovoce.core.text import fault_of, is_identifier, is_symbol, shown

_QUANTITY = re.compile(r"[1-9][0-9]{0,11}", re.ASCII)
_DECIMAL = re.compile(r"(?=.*[1-9])[0-9]{1,15}(\.[0-9]{1,6})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)

SIDES = {"buy": Side.BUY, "sell": Side.SELL, "sell_short": Side.SELL_SHORT, "buy_to_cover": Side.BUY}
ALGOS = {strategy.value: strategy for strategy in Strategy}
TIMES_IN_FORCE = {"DAY": TimeInForce.DAY, "CLO": TimeInForce.AT_THE_CLOSE}
URGENCIES = {urgency.value: urgency for urgency in Urgency}


class BadCell(ValueError):
    """A cell that cannot be used: a stable code, and what to write instead."""

    def __init__(self, code: str, text: str, wanted: str) -> None:
        super().__init__(f"{shown(text)} cannot be used; {wanted}")
        self.code = code


Reader = Callable[[str], object]


def _quantity(text: str) -> int:
    if _QUANTITY.fullmatch(text) is None:
        wanted = "write whole shares in plain digits, such as 12500"
        raise BadCell("cell_money_as_quantity" if text[:1] in "$€£" else "cell_quantity", text, wanted)
    return int(text)


def _decimal(text: str) -> str:
    if _DECIMAL.fullmatch(text) is None:
        raise BadCell("cell_decimal", text, "write a positive plain decimal, such as 187.51")
    return text


def _symbol(text: str) -> str:
    if not is_symbol(text):
        raise BadCell("cell_symbol", text, "write a symbol in plain letters, such as AAPL US")
    return text


def _currency(text: str) -> str:
    if _CURRENCY.fullmatch(text) is None:
        raise BadCell("cell_currency", text, "write three capital letters, such as USD")
    return text


def _identifier(text: str) -> str:
    if not is_identifier(text):
        raise BadCell("cell_identifier", text, "write 1 to 64 of A-Z a-z 0-9 . _ : -")
    return text


def _text(text: str) -> str:
    fault = fault_of(text)
    if fault:
        raise BadCell("cell_text", text, f"write plain text ({fault})")
    return text


def _one_of(words: Mapping[str, object], code: str) -> Reader:
    def read(text: str) -> object:
        if text not in words:
            raise BadCell(code, text, f"write one of {', '.join(words)}")
        return words[text]

    return read


COLUMNS: Mapping[str, tuple[str, Reader]] = {
    "symbol": ("symbol", _symbol),
    "side": ("side", _one_of(SIDES, "cell_side")),
    "quantity": ("order_qty", _quantity),
    "notional": ("notional", _decimal),
    "currency": ("currency", _currency),
    "limit": ("price", _decimal),
    "algo": ("strategy", _one_of(ALGOS, "cell_algo")),
    "tif": ("time_in_force", _one_of(TIMES_IN_FORCE, "cell_tif")),
    "urgency": ("urgency", _one_of(URGENCIES, "cell_urgency")),
    "locate_id": ("locate_id", _identifier),
    "note": ("note", _text),
}
"""Column of the file → field of BasketLeg and how it is read. symbol and side must be there, and a size."""
REQUIRED = ("symbol", "side")
SIZES = ("quantity", "notional")
