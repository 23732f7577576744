"""What a record was begun with: the configuration and the reference data, in its first record and so in its chain.

State is a fold of the events, and a fold begins somewhere: with the desk's starting limits, windows and lists. They are
written down with the record itself, so it can be read without the file the desk was started with, and a desk that was
started with others does not go on with it. What only decisions look at (people, planning, routing) may change between
two starts; what people change in the course of a day comes in by events.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from sottovoce.core.errors import ConfigError, JournalError
from sottovoce.core.ports import ReferenceData
from sottovoce.runtime.config import Config

CONFIG, REFERENCE = "config", "reference_digest"
"""Where the first record has them."""

UNRECORDED = frozenset(("alerts",))
"""Where alerts are carried to is no part of what happens, and may name what is nobody's business."""

FOLDED = (
    "limits", "risk", "limits_policy", "gateway", "approval", "algos", "executions", "breakers", "kills",
    "escalations", "continuity", "clock",
)  # fmt: skip
"""The parts of a configuration that stages keep or count by."""


def founding(config: Config, reference: ReferenceData) -> dict[str, str]:
    """What the first record says of a desk's beginnings: pairs for the journal's meta."""
    whole = msgspec.to_builtins(config, str_keys=True, order="deterministic")
    told = {name: value for name, value in whole.items() if name not in UNRECORDED}
    return {CONFIG: msgspec.json.encode(told).decode(), REFERENCE: reference.digest}


def recorded_config(meta: Mapping[str, str], given: Config | None = None) -> Config:
    """The configuration a record was begun with; given: one that must agree with it in what folds depend on.

    Raises: JournalError, founding_missing; ConfigError, other_founding, naming the parts that differ.
    """
    config = _read(meta)
    differing = () if given is None else differences(meta, _told(given))
    if differing:
        sentence = f"the record was begun with another {_words(differing)}; give its own configuration, or none"
        raise ConfigError(sentence, code="other_founding")
    return config


def same_founding(meta: Mapping[str, str], mine: Mapping[str, str]) -> None:
    """That a desk may go on with a record.

    Args:
        meta: of the record.
        mine: of the desk, as founding gives it.
    Raises: JournalError, founding_missing or other_founding, naming what differs: nothing may be taken then.
    """
    _read(meta)
    differing = differences(meta, mine)
    if meta.get(REFERENCE) != mine[REFERENCE]:
        differing = (*differing, "reference data")
    if differing:
        sentence = (
            f"the record was begun with another {_words(differing)}: start the desk with what the record was begun"
            " with and change it by a proposal, or begin a new record"
        )
        raise JournalError(sentence, code="other_founding")


def differences(meta: Mapping[str, str], mine: Mapping[str, str]) -> tuple[str, ...]:
    """The parts of the configuration that folds depend on and that are not the same in both, in the order of FOLDED."""
    theirs, ours = _parts(meta[CONFIG]), _parts(mine[CONFIG])
    return tuple(name for name in FOLDED if theirs.get(name) != ours.get(name))


def _told(config: Config) -> dict[str, str]:
    return {CONFIG: msgspec.json.encode(config, order="deterministic").decode()}


def _parts(text: str) -> dict[str, Any]:
    parts: dict[str, Any] = msgspec.json.decode(text)
    return parts


def _read(meta: Mapping[str, str]) -> Config:
    text = meta.get(CONFIG)
    if text is None:
        sentence = "the record does not say what configuration it was begun with, so nothing can be folded onto it"
        raise JournalError(sentence, code="founding_missing")
    try:
        return msgspec.json.decode(text, type=Config)
    except msgspec.DecodeError as error:
        sentence = f"the configuration the record was begun with is not one this build knows ({error})"
        raise JournalError(sentence, code="founding_missing") from error


def _words(parts: tuple[str, ...]) -> str:
    return ", ".join(part.replace("_", " ") for part in parts)
