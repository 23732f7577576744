"""The arithmetic of the worst case: what a line could become, and how a change of it reaches the totals it counts in.

Plain functions over the figures of lines.py, where every order and every trade spends its time.
"""

from __future__ import annotations

from sottovoce.stages.risk.lines import Line, Totals


def sides(line: Line) -> tuple[int, int]:
    """(long, short): the value of each side if everything open on it trades."""
    value = line.qty * line.mark_px
    if line.qty >= 0:
        return value + line.buy_value, max(line.sell_value - value, 0)
    return max(line.buy_value + value, 0), line.sell_value - value


def sides_after(line: Line | None, sign: int, value: int) -> tuple[int, int]:
    """By how much (long, short) would grow if value more were open on the side of sign."""
    if line is None:
        return (value, 0) if sign > 0 else (0, value)
    held = line.qty * line.mark_px
    if sign > 0:
        if held >= 0:
            return value, 0
        before = line.buy_value + held
        return max(before + value, 0) - max(before, 0), 0
    if held <= 0:
        return 0, value
    before = line.sell_value - held
    return 0, max(before + value, 0) - max(before, 0)


def reduces(line: Line | None, sign: int, qty: int) -> bool:
    """Whether an order of qty can only make the position smaller, with all that is open on its side counted."""
    if line is None or line.qty * sign >= 0:
        return False
    return qty + (line.buy_qty if sign > 0 else line.sell_qty) <= abs(line.qty)


def growth(line: Line | None, sign: int, value: int) -> int:
    """By how much long and short together would grow if value more were open on the side of sign."""
    if line is None or line.qty == 0:
        return value
    long, short = sides_after(line, sign, value)
    return long + short


def promise(totals: dict[str, Totals], line: Line, sign: int, qty: int, value: int) -> None:
    """More (or less) is open on one side of a line, and so of its scopes."""
    long, short = sides_after(line, sign, value)
    if sign > 0:
        line.buy_qty += qty
        line.buy_value += value
        for scope in line.scopes:
            total = totals[scope]
            total.long += long
            total.open_buy += value
        return
    line.sell_qty += qty
    line.sell_value += value
    for scope in line.scopes:
        total = totals[scope]
        total.short += short
        total.open_sell += value


def hold(totals: dict[str, Totals], line: Line, qty: int, value: int) -> None:
    """The position moves by qty at the line's mark, for the value paid."""
    before = sides(line)
    line.qty += qty
    spread(totals, line, before, qty * line.mark_px, value)


def revalue(totals: dict[str, Totals], line: Line, px: int) -> None:
    """What the line holds is worth another price."""
    before, moved = sides(line), line.qty * (px - line.mark_px)
    line.mark_px = px
    if moved:
        spread(totals, line, before, moved, 0)


def spread(totals: dict[str, Totals], line: Line, before: tuple[int, int], position: int, traded: int) -> None:
    """Pass what changed in what a line holds on to its scopes."""
    after = sides(line)
    long, short = after[0] - before[0], after[1] - before[1]
    for scope in line.scopes:
        total = totals[scope]
        total.long += long
        total.short += short
        total.position += position
        total.traded += traded
