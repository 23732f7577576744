"""The account of one order: implementation shortfall and its seven parts, exact, each a figure or a reason.

The parts come from models/shortfall.py. Where something was not known the part that needs it is null, and its
amount stays where it can still be told: without half-spreads the spread is inside temporary, without a model of
permanent impact that is inside timing, and without the mids at the fills all four are one unsplit trading cost.
Whatever is null, the figures that are not add up to the total.
"""

from __future__ import annotations

from fractions import Fraction

import msgspec
import numpy as np

from sottovoce.analytics.tca.columns import FillColumns
from sottovoce.analytics.tca.market_tape import UNKNOWN, MarketTape, mid_at
from sottovoce.analytics.tca.orders import TcaOrder
from sottovoce.analytics.tca.slices import AMENDMENT_PX_MISSING, Prices, overfilled, slices_of
from sottovoce.models.exact_sums import exact_sum
from sottovoce.models.shortfall import BPS, PARTS, Amount, Shortfall, ShortfallSlice, combine, shortfall
from sottovoce.models.shortfall_forms import DriftSplit, market_split

UNSPLIT = "unsplit"
"""Name of the part that holds a trading cost nobody can split."""

NO_MID = "the mid at the fills is not known and there is no tape"
NO_HALF_SPREAD = "the half-spread at the fills is not known and there is no tape; it is inside temporary"
NO_MODEL = "no impact model was named for this order; it is inside timing"
NO_END_PX = "what did not fill has no end price, and there is no tape"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Amounts in price units × shares, positive = cost; None with its reason where it cannot be known.

    decision_notional: Σ X · P_d, the denominator of every bps here. end_px with end_rule: what the unfilled
    part was valued at, "" when nothing was left. drift: the mid's move split by beta where index returns were given.
    """

    parts: dict[str, Amount | None]
    total: Amount | None
    reasons: dict[str, str]
    ordered: int
    filled: int
    decision_notional: Amount
    arrival_notional: Amount
    filled_notional: Amount
    fees: Amount
    trading: Amount
    end_px: int | None
    end_rule: str
    drift: DriftSplit | None = None
    notes: tuple[str, ...] = ()


def in_bps(amount: Amount | None, below: Amount) -> float | None:
    """An amount in bps of another, divided last; None stays None, and so does a zero denominator."""
    return None if amount is None or below <= 0 else float(Fraction(BPS) * amount / Fraction(below))


def account_of(order: TcaOrder, fills: FillColumns, tape: MarketTape | None) -> Account:
    """The account of an order.

    Raises: ModelError from models/shortfall.py for fills that cannot be (no shares, negative half-spread).
    """
    end_px, end_rule = end_price(order, fills, tape)
    amendment_px, reason = _amendment_prices(order, tape)
    reasons = _reasons(order, fills, amendment_px)
    prices = Prices(
        end_px=order.arrival_px if end_px is None else end_px,
        amendment_px=amendment_px,
        permanent_bps=permanent_bps(order, fills),
    )
    if reason:
        reasons |= dict.fromkeys((*PARTS, "total"), reason)
    pieces = slices_of(msgspec.structs.replace(order, amendments=()) if reason else order, _filled_in(fills), prices)
    whole = combine([shortfall(piece) for piece in pieces])
    unfilled = whole.ordered - whole.filled - sum(given.qty for piece in pieces for given in piece.given_up)
    if unfilled and end_px is None:
        reasons |= dict.fromkeys(("opportunity", "total"), NO_END_PX)
    return Account(
        parts=_parts(whole, reasons),
        total=None if "total" in reasons else whole.total,
        reasons=reasons,
        ordered=whole.ordered,
        filled=whole.filled,
        decision_notional=whole.decision_notional,
        arrival_notional=whole.arrival_notional,
        filled_notional=whole.filled_notional,
        fees=whole.fees,
        trading=whole.trading,
        end_px=end_px,
        end_rule=end_rule if unfilled else "",
        drift=_drift(order, pieces, reasons),
        notes=_notes(order, fills),
    )


def end_price(order: TcaOrder, fills: FillColumns, tape: MarketTape | None) -> tuple[int | None, str]:
    """What the unfilled part is valued at, and the rule that chose it."""
    if order.end_px is not None:
        return order.end_px, "the mid given for the order's end"
    if tape is not None and order.end_ns is not None:
        mid = mid_at(tape, order.end_ns)
        if mid is not None:
            return mid, "the tape's mid when the order ended"
    if fills.qty.size:
        return int(fills.px[-1]), "our last fill, for want of a mid when the order ended"
    return None, NO_END_PX


def permanent_bps(order: TcaOrder, fills: FillColumns) -> float:
    """The model's permanent part for what filled: it is linear in size, so it scales with the share done."""
    if order.forecast is None or order.forecast.permanent_bps is None or order.final_qty <= 0:
        return 0.0
    return order.forecast.permanent_bps * exact_sum(fills.qty) / order.final_qty


def _amendment_prices(order: TcaOrder, tape: MarketTape | None) -> tuple[tuple[int, ...], str]:
    found = [each.px if each.px is not None or tape is None else mid_at(tape, each.ts_ns) for each in order.amendments]
    known = tuple(px for px in found if px is not None)
    return (known, "") if len(known) == len(found) else ((), AMENDMENT_PX_MISSING)


def _reasons(order: TcaOrder, fills: FillColumns, amendment_px: tuple[int, ...]) -> dict[str, str]:
    if bool((fills.mid == UNKNOWN).any()):
        return dict.fromkeys(("spread", "temporary", "permanent", "timing"), NO_MID)
    reasons = {}
    if bool((fills.half_spread == UNKNOWN).any()):
        reasons["spread"] = NO_HALF_SPREAD
    if fills.qty.size and (order.forecast is None or order.forecast.permanent_bps is None):
        reasons["permanent"] = NO_MODEL
    return reasons


def _filled_in(fills: FillColumns) -> FillColumns:
    """The same fills with a value where none is known; the parts that would show it are null."""
    blind = bool((fills.mid == UNKNOWN).any())
    narrow = blind or bool((fills.half_spread == UNKNOWN).any())
    return msgspec.structs.replace(
        fills,
        mid=fills.px if blind else fills.mid,
        half_spread=np.zeros_like(fills.half_spread) if narrow else fills.half_spread,
    )


def _parts(whole: Shortfall, reasons: dict[str, str]) -> dict[str, Amount | None]:
    parts: dict[str, Amount | None] = {name: None if name in reasons else getattr(whole, name) for name in PARTS}
    if reasons.get("timing") == NO_MID:
        parts[UNSPLIT] = whole.trading
    elif parts["permanent"] is None and parts["timing"] is not None:
        parts["timing"] = whole.timing + whole.permanent
    return parts


def _drift(order: TcaOrder, pieces: list[ShortfallSlice], reasons: dict[str, str]) -> DriftSplit | None:
    returns = [fill.index_return for fill in sorted(order.fills, key=lambda fill: fill.ts_ns)]
    known = [each for each in returns if each is not None]
    if order.beta is None or len(pieces) != 1 or len(known) != len(returns) or not known or "timing" in reasons:
        return None
    return market_split(pieces[0], known, order.beta)


def _notes(order: TcaOrder, fills: FillColumns) -> tuple[str, ...]:
    notes = list(order.notes)
    if order.busted:
        notes.append(f"{order.busted} busted trades are left out; figures are restated without them.")
    if order.corrected:
        notes.append(f"{order.corrected} corrected trades count as they now stand.")
    over = overfilled(order, fills)
    if over:
        notes.append(f"{over} shares were filled beyond the order, by a venue's report.")
    return tuple(notes)
