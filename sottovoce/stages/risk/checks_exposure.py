"""What the order could make of exposure, at every level it belongs to: gross, net, sector, country, one name, losses.

An order that can only make a position smaller adds nothing and is never stopped here, however far the market has moved.
"""

from __future__ import annotations

from sottovoce.core.limits import Bound, Level
from sottovoce.core.orders import Failure
from sottovoce.core.reasons import failure
from sottovoce.stages.risk.case import DOLLAR, PPM, STAGE, Case, Found, broken, money
from sottovoce.stages.risk.levels import MISSING, Room, scope_of
from sottovoce.stages.risk.lines import Totals, sides, sides_after
from sottovoce.stages.risk.policy import GuidelineKind

NONE = Totals()


def limits_present(case: Case) -> Found:
    """P2: a mandatory level without a row stops everything."""
    if not case.effective.missing:
        return None
    return [failure(STAGE, "limit_missing", f"{level.value} {name}") for level, name in case.effective.missing]


def gross(case: Case) -> Found:
    """PT-01: worst-case value of both sides, at every level that has a limit."""
    if case.reduces:
        return None
    found = []
    for room in case.levels.gross:
        after = _gross_after(case, room)
        if after > room.most:
            found.append(_exceeded("gross_exposure", room.bound, after, room.most, case.added))
    return found or None


def net(case: Case) -> Found:
    """PT-01: worst case if everything open on one side trades and nothing on the other."""
    if case.reduces:
        return None
    found, all_totals = [], case.state.exposure.totals
    for room in case.levels.net:
        after = _net_after(all_totals.get(room.scope, NONE), case)
        if after > room.most:
            found.append(_exceeded("net_exposure", room.bound, after, room.most, case.added))
    return found or None


def sector(case: Case) -> Found:
    """PT-01: worst-case exposure of the firm, or of the account, to the order's sector; no sector is a failure."""
    return _part(case, case.levels.sector, "sector", None if case.instrument is None else case.instrument.sector)


def country(case: Case) -> Found:
    """PT-01: worst-case exposure of the firm, or of the account, to the order's country."""
    return _part(case, case.levels.country, "country", None if case.instrument is None else case.instrument.country)


def concentration(case: Case) -> Found:
    """PT-01: one name as a part of a level's gross limit."""
    rooms = case.levels.concentration
    if not rooms or case.reduces:
        return None
    found, exposure = [], case.state.exposure
    for room in rooms:
        if room.most == MISSING:
            found.append(failure(STAGE, "limit_missing", f"{room.bound.level.value} gross"))
            continue
        line = exposure.lines.get(room.line)
        more = sides_after(line, case.sign, case.added)
        own = 0 if line is None else sum(sides(line))
        held = exposure.totals.get(room.scope, NONE).gross if room.scope else own
        after = held + more[0] + more[1]
        if after > room.most:
            found.append(_exceeded("concentration", room.bound, after, room.most, case.added))
    return found or None


def weight(case: Case) -> Found:
    """The client's own guideline: one name as a part of the account's gross limit."""
    account = case.path.account
    rules = [
        rule
        for rule in case.policy.guidelines
        if rule.kind is GuidelineKind.WEIGHT_MAX and rule.account == account and rule.holds(case.ts_ns)
    ]
    if not rules or case.reduces:
        return None
    rule = min(rules, key=lambda each: each.ppm)
    row = (rule.guideline_id, rule.version)
    limit = next((each.value for each in case.effective.each("gross") if each.level is Level.ACCOUNT), None)
    if limit is None:
        return [failure(STAGE, "limit_missing", f"account {account} gross")]
    most, after = limit * DOLLAR * rule.ppm // PPM, _worst_position(case)
    if after <= most:
        return None
    text, room = f"weight of {case.path.instrument_id} {money(after)}", money(most - after + case.added)
    return [failure(STAGE, "guideline", text, money(most), room, limit_id=row[0], limit_version=row[1])]


def position_value(case: Case) -> Found:
    """PT-11: the account's worst position in the name, by value."""
    bound = case.levels.position_value
    if bound is None or case.reduces:
        return None
    after = _worst_position(case)
    return (
        [_exceeded("position_value", bound, after, bound.value * DOLLAR, case.added)]
        if (after > bound.value * DOLLAR)
        else None
    )


def position_adv(case: Case) -> Found:
    """PT-11: the account's worst position in the name, as a part of average daily volume."""
    bound, adv, line = case.levels.position_adv, case.adv, case.line
    if bound is None or adv is None or case.reduces:  # an unknown volume is order_adv's to refuse
        return None
    held, open_qty = (0, 0) if line is None else (line.qty, line.buy_qty if case.sign > 0 else line.sell_qty)
    after, most = abs(held + case.sign * (open_qty + case.added_qty)), int(adv * bound.value / PPM)
    return (
        [broken("position_adv", str(after), str(most), str(most - after + case.added_qty), bound)]
        if (after > most)
        else None
    )


def near(case: Case) -> Found:
    """PT-01, for a person: an order that takes a gross limit above such a part of it."""
    part = case.levels.tight.get("exposure_hold_ppm")
    if part is None or case.added <= 0 or case.reduces:
        return None
    found = []
    for room in case.levels.gross:
        after, most = _gross_after(case, room), room.most * part.value // PPM
        if most < after <= room.most:
            found.append(_exceeded("exposure_near", room.bound, after, most, case.added))
    return found or None


def loss(case: Case) -> Found:
    """AT-10: a level that has lost its limit today, at the last marks, takes no more risk."""
    if case.reduces:
        return None
    found = [_exceeded("loss_stop", bound, lost, bound.value * DOLLAR, 0) for bound, lost in losses(case, PPM)]
    return found or None


def loss_near(case: Case) -> Found:
    """AT-10, a warning: a level that has lost such a part of its limit."""
    part = case.levels.tight.get("loss_warn_ppm")
    if part is None:
        return None
    warned = [(bound, lost) for bound, lost in losses(case, part.value) if lost < bound.value * DOLLAR]
    return [_exceeded("loss_near", bound, lost, bound.value * DOLLAR, 0) for bound, lost in warned] or None


def losses(case: Case, part_ppm: int) -> list[tuple[Bound, int]]:
    """The levels whose loss, in price units times shares, has reached such a part of its limit."""
    found, all_totals = [], case.state.exposure.totals
    for room in case.levels.loss:
        totals = all_totals.get(room.scope)
        if totals is None:
            continue
        lost = totals.traded - totals.position
        if lost > 0 and lost * PPM >= room.most * part_ppm:
            found.append((room.bound, lost))
    return found


def _gross_after(case: Case, room: Room) -> int:
    exposure = case.state.exposure
    totals = exposure.totals.get(room.scope, NONE)
    long, short = sides_after(exposure.lines.get(room.line), case.sign, case.added)
    return totals.long + totals.short + long + short


def _net_after(totals: Totals, case: Case) -> int:
    if case.sign > 0:
        return max(abs(totals.position + totals.open_buy + case.added), abs(totals.position - totals.open_sell))
    return max(abs(totals.position + totals.open_buy), abs(totals.position - totals.open_sell - case.added))


def _worst_position(case: Case) -> int:
    """The larger side of the account's line if the order were added to it."""
    long, short = (0, 0) if case.line is None else sides(case.line)
    more = sides_after(case.line, case.sign, case.added)
    return max(long + more[0], short + more[1])


def _part(case: Case, rooms: tuple[Room, ...], kind: str, value: str | None) -> Found:
    if not rooms or case.reduces:
        return None
    if not value:
        return [failure(STAGE, f"{kind}_unknown", case.path.instrument_id)]
    found = []
    for room in rooms:
        after = _gross_after(case, room)
        if after > room.most:
            found.append(_exceeded(f"{kind}_exposure", room.bound, after, room.most, case.added))
    return found or None


def _exceeded(code: str, bound: Bound, after: int, most: int, added: int) -> Failure:
    return broken(code, f"{scope_of(bound) or 'firm'} {money(after)}", money(most), money(most - after + added), bound)
