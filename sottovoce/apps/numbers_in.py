"""Numbers as people give them on the command line, and figures before they are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from typing import Annotated, TypeVar

import cyclopts
import msgspec

from sottovoce.core.errors import ModelError

Figures = TypeVar("Figures", bound=msgspec.Struct)
Answer = TypeVar("Answer")
Document = TypeVar("Document")


def _whole(hint: type, tokens: Sequence[cyclopts.Token]) -> int:
    """A whole number; 1.5 is an error, not 2."""
    return int(tokens[0].value)


Whole = Annotated[int, cyclopts.Parameter(converter=_whole)]


def computed(model: Callable[[], Figures]) -> Figures:
    """What a model gives, every figure finite. Raises ModelError, code not_computable, otherwise."""
    result = attempted(model)
    computed_document(msgspec.to_builtins(result))
    return result


def attempted(model: Callable[[], Answer]) -> Answer:
    """What a model gives; figures beyond a float's range are an error of the input.

    Raises: ModelError `not_computable`.
    """
    import numpy as np

    try:
        with np.errstate(all="ignore"):
            return model()
    except (OverflowError, ZeroDivisionError, np.linalg.LinAlgError) as error:
        raise _not_computable() from error


def computed_document(document: Document) -> Document:
    """A document whose every figure is finite, nested ones too. Raises ModelError, code not_computable, otherwise."""
    if not all(isfinite(figure) for figure in _figures(document)):
        raise _not_computable()
    return document


def numbers(text: str, name: str) -> tuple[float, ...]:
    """Figures given as 1,2.5,3e6. Raises ModelError, code bad_list, naming the flag and the word."""
    found = []
    for word in text.split(","):
        try:
            found.append(float(word))
        except ValueError:
            sentence = f"{name}: {word!r} is not a number; give figures like 1,2.5,3e6."
            raise ModelError(sentence, code="bad_list") from None
        if not isfinite(found[-1]):
            raise ModelError(f"{name}: {word!r} is not an ordinary number.", code="bad_list")
    return tuple(found)


def _not_computable() -> ModelError:
    sentence = "The figures are too large or too small to compute with; check their units."
    return ModelError(sentence, code="not_computable")


def _figures(document: object) -> Iterator[float]:
    if isinstance(document, float):
        yield document
    elif isinstance(document, dict):
        for value in document.values():
            yield from _figures(value)
    elif isinstance(document, list | tuple):
        for value in document:
            yield from _figures(value)
