"""One row of the table of reasons (core/reasons.py)."""

from __future__ import annotations

import msgspec


class Reason(msgspec.Struct, frozen=True):
    """What a code means, what the person can do, and the control it implements, if any."""

    meaning: str
    action: str
    control: str = ""
