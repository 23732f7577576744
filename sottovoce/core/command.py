"""What every request carries: who asks."""

from __future__ import annotations

import msgspec


class Command(msgspec.Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """Base of everything a person or a program may ask; principal is who asks."""

    principal: str
