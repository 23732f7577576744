"""The digest a release names: of the order and its plan, every rule with its figure, and how long it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from sottovoce.core.orders import Failure

_encode = msgspec.json.Encoder(order="deterministic").encode


def request_digest(plan_digest: str, rules: Sequence[Failure], expires_ns: int) -> str:
    """SHA-256, hex. plan_digest covers the order and its plan; any other figure, rule or deadline gives another."""
    figures = [(rule.code, rule.value, rule.limit) for rule in rules]
    return hashlib.sha256(_encode((plan_digest, figures, expires_ns))).hexdigest()
