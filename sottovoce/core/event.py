"""What every decision carries: the parent it belongs to (\"\" for the desk as a whole) and the time of its step."""

from __future__ import annotations

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """Base of every decision."""

    parent_id: str
    ts_ns: int
