"""Whose a rule is that holds an order: the trader's own, compliance's, or risk's (controls A4, B1)."""

from __future__ import annotations

from sottovoce.core.access import Role
from sottovoce.core.orders import Failure
from sottovoce.core.reasons import REASONS

SIZING = "sizing"
"""How the codes of the sizing gate begin: its trader decides on those."""

COMPLIANCE_CONTROLS = frozenset({"PT-12", "PT-22", "PO-06", "PO-07", "PO-08", "PO-09", "PO-10", "PO-11"})
"""Controls of conduct and of restricted names: theirs to release (B1)."""


def role_of(rule: Failure) -> str:
    """The role that may let a rule go."""
    if rule.code.startswith(SIZING):
        return Role.TRADER.value
    reason = REASONS.get(rule.code)
    control = rule.control or ("" if reason is None else reason.control)
    return Role.COMPLIANCE.value if control in COMPLIANCE_CONTROLS else Role.RISK.value
