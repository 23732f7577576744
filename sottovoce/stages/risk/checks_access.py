"""May anything of this order leave at all: kill switch, latches, attribution, lists and mandates, currency."""

from __future__ import annotations

from sottovoce.core.halts import path_of
from sottovoce.core.limits import ListName
from sottovoce.core.reasons import failure
from sottovoce.stages.risk.case import STAGE, Case, Found
from sottovoce.stages.risk.lines import FIRM
from sottovoce.stages.risk.policy import GuidelineKind

REDUCING_ALLOWED = ("loss_stop", "drawdown_stop")
"""Latches that let an order through which can only make a position smaller."""


def halted(case: Case) -> Found:
    """AT-01: a halt of anything the order belongs to."""
    if not case.state.halts.standing:
        return None
    halt = case.state.halts.matching(path_of(case.order, case.path.strategy))
    return None if halt is None else [failure(STAGE, "halted", halt.scope, halt.reason)]


def latched(case: Case) -> Found:
    """PT-09, PT-10, AT-10: a scope the order belongs to is disabled until risk re-enables it."""
    latches = case.state.latches
    if not latches:
        return None
    path = case.path
    scopes = (
        FIRM, f"desk:{path.desk}", f"trader:{path.trader}", f"account:{path.account}", f"strategy:{path.strategy}",
        f"instrument:{path.instrument_id}", f"order:{case.order.parent_id}",
    )  # fmt: skip
    found = [(scope, latches[scope]) for scope in scopes if scope in latches]
    if case.reduces:
        found = [(scope, cause) for scope, cause in found if cause.code not in REDUCING_ALLOWED]
    said = [(f"{scope or 'firm'} ({cause.code})", cause.value) for scope, cause in found]
    return [failure(STAGE, "latched", what, why) for what, why in said] or None


def attribution(case: Case) -> Found:
    """AT-02: every order belongs to a person and an account."""
    order = case.order
    if order.principal and order.account:
        return None
    missing = [what for what, name in (("principal", order.principal), ("account", order.account)) if not name]
    return [failure(STAGE, "attribution_missing", " and ".join(missing))]


def restricted(case: Case) -> Found:
    """PT-12: the restricted and do-not-trade lists; a restricted list that nobody keeps stops everything (P2)."""
    lists = case.levels.lists
    if lists.restricted_kept and lists.restricted is None and lists.do_not_trade is None:
        return None
    found = []
    if not lists.restricted_kept:
        found.append(failure(STAGE, "list_missing", ListName.RESTRICTED.value))
    for entry in (lists.restricted, lists.do_not_trade):
        if entry is not None:
            code, name, row = entry.list_name.value, case.path.instrument_id, (entry.entry_id, entry.version)
            found.append(failure(STAGE, code, name, limit_id=row[0], limit_version=row[1]))
    return found


def approved(case: Case) -> Found:
    """PT-12: where a level keeps a list of approved names, the name is on it."""
    lacking = case.levels.lists.unapproved
    if not lacking:
        return None
    where = ", ".join(f"{level.value} {scope}".strip() for level, scope in lacking)
    return [failure(STAGE, "not_approved", case.path.instrument_id, where)]


def mandate(case: Case) -> Found:
    """The client's own guidelines: no such sector, country, name, or short sale (PT-12)."""
    mandates = case.levels.guidelines
    if not mandates:
        return None
    instrument, found = case.instrument, []
    facts = {
        GuidelineKind.NO_SECTOR: None if instrument is None else instrument.sector,
        GuidelineKind.NO_COUNTRY: None if instrument is None else instrument.country,
        GuidelineKind.NO_INSTRUMENT: case.path.instrument_id,
    }
    for rule in mandates:
        if not rule.holds(case.ts_ns) or rule.kind is GuidelineKind.WEIGHT_MAX:
            continue
        fact = facts.get(rule.kind)
        forbids = case.short if rule.kind is GuidelineKind.NO_SHORT else fact is None or fact == rule.name
        if forbids and not case.reduces:
            value = f"{rule.kind.value} {rule.name}".strip() + ("" if fact or case.short else ": not known")
            found.append(failure(STAGE, "guideline", value, limit_id=rule.guideline_id, limit_version=rule.version))
    return found or None


def currency(case: Case) -> Found:
    """PT-01: limits are in one currency; an order in another cannot be added to them without a rate."""
    if case.order.currency == case.policy.currency:
        return None
    return [failure(STAGE, "foreign_currency", case.order.currency, case.policy.currency)]
