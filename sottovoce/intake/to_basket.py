"""From a basket file to the command the gateway takes."""

from __future__ import annotations

import hashlib

from sottovoce.core.basket_commands import NewBasket
from sottovoce.core.errors import MalformedMessage
from sottovoce.core.text import is_identifier
from sottovoce.intake.basket_file import BasketFile

SENTENCES_SHOWN = 20


def to_new_basket(
    file: BasketFile,
    *,
    principal: str,
    account: str,
    declared_notional: str | None,
    currency: str = "USD",
    basket_id: str | None = None,
) -> NewBasket:
    """The command for a file that can be used; its id is the file's name where none is given.

    Raises: MalformedMessage, code basket_rejected, with a sentence for each of the first faults.
    """
    if file.faults:
        told = " ".join(fault.sentence for fault in file.faults[:SENTENCES_SHOWN])
        more = len(file.faults) - SENTENCES_SHOWN
        raise MalformedMessage(told + (f" And {more} more." if more > 0 else ""), code="basket_rejected")
    return NewBasket(
        principal=principal,
        account=account,
        basket_id=basket_id or id_of(file.name),
        legs=file.legs,
        declared_notional=declared_notional,
        currency=currency,
        source=file.name,
    )


def id_of(name: str) -> str:
    """A basket id from a file's name: the name itself where it is an identifier, else a digest of it."""
    if is_identifier(name) and len(name) <= 48:
        return name
    return "file-" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
