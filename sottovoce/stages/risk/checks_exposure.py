"""What the order could make of exposure, at every level it belongs to: gross, net, sector, country, one name, losses.

An order that can only make a position smaller adds nothing and is never stopped here, however far the market has moved.
"""

from __future__ import annotations

from sottovoce.core.limits import Bound, Level
from sottovoce.core.orders import Failure
from sottovoce.core.reasons import failure
from sottovoce.stages.risk.case import DOLLAR, PPM, STAGE, Case, Found, broken, money
from sottovoce.stages.risk.levels import MISSING, Room, scope_of
from sottovoce.stages.risk.policy import GuidelineKind
from sottovoce.stages.risk.worst_case import sides, sides_after


def limits_present(case: Case) -> Found:
    """P2: a mandatory level without a row stops everything."""
    missing = case.levels.missing
    return [failure(STAGE, "limit_missing", f"{level.value} {name}") for level, name in missing] if missing else None


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
    found = []
    for room in case.levels.net:
        after = _net_after(case, room)
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
    found = []
    for room in rooms:
        if room.most == MISSING:
            found.append(failure(STAGE, "limit_missing", f"{room.bound.level.value} gross"))
            continue
        after = _gross_after(case, room) if room.scope else _line_after(case, room)
        if after > room.most:
            found.append(_exceeded("concentration", room.bound, after, room.most, case.added))
    return found or None


def weight(case: Case) -> Found:
    """The client's own guideline: one name as a part of the account's gross limit."""
    account, ours = case.path.account, case.levels.guidelines
    if not ours or case.reduces:
        return None
    rules = [rule for rule in ours if rule.kind is GuidelineKind.WEIGHT_MAX and rule.holds(case.ts_ns)]
    if not rules:
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
    after, most = _worst_position(case), bound.value * DOLLAR
    return [_exceeded("position_value", bound, after, most, case.added)] if after > most else None


def position_adv(case: Case) -> Found:
    """PT-11: the account's worst position in the name, as a part of average daily volume."""
    bound, adv, line = case.levels.position_adv, case.adv, case.line
    if bound is None or adv is None or case.reduces:  # an unknown volume is order_adv's to refuse
        return None
    held, open_qty = (0, 0) if line is None else (line.qty, line.buy_qty if case.sign > 0 else line.sell_qty)
    after, most = abs(held + case.sign * (open_qty + case.added_qty)), int(adv * bound.value / PPM)
    if after <= most:
        return None
    return [broken("position_adv", str(after), str(most), str(most - after + case.added_qty), bound)]


def near(case: Case) -> Found:
    """PT-01, for a person: an order that takes a gross limit above such a part of it."""
    if case.added <= 0 or case.reduces:
        return None
    found = []
    for room in case.levels.gross:
        after = _gross_after(case, room)
        if room.near < after <= room.most:
            found.append(_exceeded("exposure_near", room.bound, after, room.near, case.added))
    return found or None


def loss(case: Case) -> Found:
    """AT-10: a level that has lost its limit today, at the last marks, takes no more risk."""
    if case.reduces:
        return None
    found = [_exceeded("loss_stop", room.bound, _lost(case, room), room.most, 0) for room in losses(case)]
    return found or None


def loss_near(case: Case) -> Found:
    """AT-10, a warning: a level that has lost such a part of its limit."""
    found = []
    for room in case.levels.loss:
        lost = _lost(case, room)
        if lost > 0 and room.near <= lost < room.most:
            found.append(_exceeded("loss_near", room.bound, lost, room.most, 0))
    return found or None


def losses(case: Case) -> list[Room]:
    """The levels that have lost their limit."""
    found = []
    for room in case.levels.loss:
        lost = _lost(case, room)
        if lost > 0 and lost >= room.most:
            found.append(room)
    return found


def _lost(case: Case, room: Room) -> int:
    """Price units times shares; negative is a profit, 0 where nothing was ever held."""
    totals = case.totals.get(room.scope)
    return 0 if totals is None else totals.traded - totals.position


def _gross_after(case: Case, room: Room) -> int:
    totals, more = case.totals.get(room.scope), case.more[room.line]
    return more if totals is None else totals.long + totals.short + more


def _line_after(case: Case, room: Room) -> int:
    line, more = case.lines[room.line], case.more[room.line]
    if line is None:
        return more
    long, short = sides(line)
    return long + short + more


def _net_after(case: Case, room: Room) -> int:
    totals, value = case.totals.get(room.scope), case.added
    if totals is None:
        return abs(value)
    long, short = totals.position + totals.open_buy, totals.position - totals.open_sell
    return max(abs(long + value), abs(short)) if case.sign > 0 else max(abs(long), abs(short - value))


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
