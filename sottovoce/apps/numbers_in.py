"""Numbers as people give them on the command line, and figures before they are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from typing import Annotated, TypeVar

import cyclopts
import msgspec

from sottovoce.core.errors import ModelError

Figures = TypeVar("Figures", bound=msgspec.Struct)


def _whole(hint: type, tokens: Sequence[cyclopts.Token]) -> int:
    """A whole number; 1.5 is an error, not 2."""
    return int(tokens[0].value)


Whole = Annotated[int, cyclopts.Parameter(converter=_whole)]


def computed(model: Callable[[], Figures]) -> Figures:
    """What a model gives, every figure finite. Raises ModelError, code not_computable, otherwise."""
    sentence = "The figures are too large or too small to compute with; check their units."
    try:
        result = model()
    except (OverflowError, ZeroDivisionError) as error:
        raise ModelError(sentence, code="not_computable") from error
    if not all(isfinite(figure) for figure in _figures(msgspec.to_builtins(result))):
        raise ModelError(sentence, code="not_computable")
    return result


def _figures(document: object) -> Iterator[float]:
    if isinstance(document, float):
        yield document
    elif isinstance(document, dict):
        for value in document.values():
            yield from _figures(value)
    elif isinstance(document, list | tuple):
        for value in document:
            yield from _figures(value)
