"""The digest of a plan: what a person who releases an order puts a name to."""

from __future__ import annotations

import hashlib

import msgspec

from sottovoce.core.orders import ParentOrder, Plan

_encode = msgspec.json.Encoder(order="deterministic").encode


def plan_digest(order: ParentOrder, plan: Plan) -> str:
    """BLAKE2b (32 bytes), hex, of the order and its plan in canonical JSON: changes with any field of either."""
    return hashlib.blake2b(_encode((order, plan)), digest_size=32).hexdigest()
