"""Implementation shortfall of one order and its seven parts, in exact integers.

Paper minus real, positive = worse: s[Σ q(p − P_d) + (X − S)(P_n − P_d)] + F, with P_d the decision price,
P_a the arrival price, P_n the end price, S = Σq filled of X ordered, F fees, s = +1 for a buy. It is split
into

    delay        s · X (P_a − P_d)
    spread       Σ q · half-spread at the fill, a cost for either side
    temporary    s · Σ q(p − m) − spread                 the fill against the mid beside it
    permanent    the named impact model's part on what filled, a model's figure rounded to an integer
    timing       s · Σ q(m − P_a) − permanent            drift of the mid that the model does not claim
    opportunity  s · [Σ c(P_c − P_a) + rest · (P_n − P_a)]     given up at P_c, and left at the end
    fees         F

Prices are integers in the instrument's unit, so every part is an integer in unit × shares and the parts add
up to the total with no tolerance. Basis points come last, with the denominator named. Source: TCA reference
§1-2 (Perold 1988; Wagner and Edwards 1993), T-TCA-1 and T-TCA-2.

Releases and amendments compose (`combine`): one slice for each release with its own arrival price (delay is
charged on the quantity released), one for an increase with its own decision price; a decrease is `GivenUp`
at the price of that moment; quantity never released is a slice without fills whose arrival price is its
decision price.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import msgspec
import numpy as np

from sottovoce.core.errors import InvariantError, ModelError
from sottovoce.models.arrays import IntArray
from sottovoce.models.exact_sums import exact_dot, exact_sum
from sottovoce.models.guards import finite, side_sign

Amount = int | Fraction
"""Price units × shares; a Fraction only where a currency conversion or a fee in parts of a unit needs one."""

BPS = 10_000


class Fills(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Fills as int64 columns, shape (n,): shares; price, mid and half-spread (>= 0) in price units."""

    qty: IntArray
    px: IntArray
    mid: IntArray
    half_spread: IntArray


class GivenUp(msgspec.Struct, frozen=True, kw_only=True):
    """Quantity canceled before the end, and the mid at that moment."""

    qty: int
    px: int


class ShortfallSlice(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One release of an order. Prices in units; fees in units × shares, positive = paid.

    permanent_bps: the model's permanent part of the average cost (I/2 for Almgren 2005), bps of S · P_a.
    """

    side_sign: int
    ordered: int
    decision_px: int
    arrival_px: int
    end_px: int
    fills: Fills
    fees: Amount = 0
    permanent_bps: float = 0.0
    given_up: tuple[GivenUp, ...] = ()


class ComponentsBps(msgspec.Struct, frozen=True, kw_only=True):
    """The parts and their total in bps of ordered × decision price (X · P_d)."""

    delay: float
    spread: float
    temporary: float
    permanent: float
    timing: float
    opportunity: float
    fees: float
    total: float


class Shortfall(msgspec.Struct, frozen=True, kw_only=True):
    """The parts in price units × shares; they add up to `total` exactly.

    decision_notional: X · P_d, the denominator of bps. filled_notional: Σ q·p. arrival_notional: Σ S · P_a.
    """

    delay: Amount
    spread: Amount
    temporary: Amount
    permanent: Amount
    timing: Amount
    opportunity: Amount
    fees: Amount
    total: Amount
    ordered: int
    filled: int
    decision_notional: Amount
    arrival_notional: Amount
    filled_notional: Amount

    @property
    def trading(self) -> Amount:
        """s · S(P̄ − P_a): spread, temporary, permanent and timing together."""
        return self.spread + self.temporary + self.permanent + self.timing

    def components_bps(self) -> ComponentsBps:
        """Every part in bps of X · P_d. Raises ModelError `no_notional` when nothing was ordered."""
        below = self.decision_notional
        if below <= 0:
            raise ModelError("Nothing was ordered, so there is nothing to divide by.", code="no_notional")
        return ComponentsBps(**{name: float(Fraction(BPS) * getattr(self, name) / below) for name in (*PARTS, "total")})


PARTS = ("delay", "spread", "temporary", "permanent", "timing", "opportunity", "fees")
AMOUNTS = (*PARTS, "total", "decision_notional", "arrival_notional", "filled_notional")


def fills(qty: Sequence[int], px: Sequence[int], mid: Sequence[int], half_spread: Sequence[int]) -> Fills:
    """Columns from sequences of integers, same length each."""
    columns = [np.asarray(column, dtype=np.int64) for column in (qty, px, mid, half_spread)]
    return Fills(qty=columns[0], px=columns[1], mid=columns[2], half_spread=columns[3])


def shortfall(piece: ShortfallSlice) -> Shortfall:
    """The account of one slice.

    Raises: ModelError `bad_fills` (a fill of no shares, or a negative half-spread), `over_accounted` when
        filled and given-up exceed ordered, `shapes_differ`; InvariantError if the parts do not add up.
    """
    check(piece)
    filled = exact_sum(piece.fills.qty)
    parts = _parts(piece, filled)
    total = perold_total(piece)
    if sum(parts.values()) != total:
        raise InvariantError("The parts of the shortfall do not add up to it.", code="shortfall_parts")
    return Shortfall(
        **parts,
        total=total,
        ordered=piece.ordered,
        filled=filled,
        decision_notional=piece.ordered * piece.decision_px,
        arrival_notional=filled * piece.arrival_px,
        filled_notional=exact_dot(piece.fills.qty, piece.fills.px),
    )


def combine(parts: Sequence[Shortfall]) -> Shortfall:
    """The account of an order made of slices: every figure is the sum; bps are of Σ X · P_d."""
    if not parts:
        raise ModelError("An order without slices has no shortfall.", code="no_slices")
    names = (*AMOUNTS, "ordered", "filled")
    return Shortfall(**{name: sum(getattr(part, name) for part in parts) for name in names})


def in_currency(account: Shortfall, rate: Fraction) -> Shortfall:
    """Every amount times an exact exchange rate; quantities and bps stay as they are."""
    changed = {name: getattr(account, name) * rate for name in AMOUNTS}
    return msgspec.structs.replace(account, **changed)


def perold_total(piece: ShortfallSlice) -> Amount:
    """Perold's one-line form against the decision price: the independent total the parts must reach."""
    sign, decision = piece.side_sign, piece.decision_px
    executed = exact_dot(piece.fills.qty, piece.fills.px) - exact_sum(piece.fills.qty) * decision
    left = sum(given.qty * (given.px - decision) for given in piece.given_up)
    left += unfilled(piece) * (piece.end_px - decision)
    return sign * (executed + left) + piece.fees


def unfilled(piece: ShortfallSlice) -> int:
    """Shares neither filled nor given up before the end."""
    return piece.ordered - exact_sum(piece.fills.qty) - sum(given.qty for given in piece.given_up)


def check(piece: ShortfallSlice) -> None:
    """Refuse a slice that cannot be accounted for."""
    side_sign(piece.side_sign)
    finite("Permanent impact", piece.permanent_bps)
    columns = piece.fills
    if len({columns.qty.shape, columns.px.shape, columns.mid.shape, columns.half_spread.shape}) != 1:
        raise ModelError("The columns of the fills have different lengths.", code="shapes_differ")
    if bool((columns.qty <= 0).any()) or bool((columns.half_spread < 0).any()):
        raise ModelError("A fill needs shares above zero and a half-spread not below it.", code="bad_fills")
    if any(given.qty < 0 for given in piece.given_up) or unfilled(piece) < 0:
        raise ModelError("Filled and canceled quantity exceed what was ordered.", code="over_accounted")


def _parts(piece: ShortfallSlice, filled: int) -> dict[str, Amount]:
    sign, arrival, columns = piece.side_sign, piece.arrival_px, piece.fills
    spread = exact_dot(columns.qty, columns.half_spread)
    instantaneous = sign * exact_dot(columns.qty, columns.px - columns.mid)
    drift = sign * (exact_dot(columns.qty, columns.mid) - filled * arrival)
    permanent = round(Fraction(piece.permanent_bps) * filled * arrival / BPS)
    left = sum(given.qty * (given.px - arrival) for given in piece.given_up)
    left += unfilled(piece) * (piece.end_px - arrival)
    return {
        "delay": sign * piece.ordered * (arrival - piece.decision_px),
        "spread": spread,
        "temporary": instantaneous - spread,
        "permanent": permanent,
        "timing": drift - permanent,
        "opportunity": sign * left,
        "fees": piece.fees,
    }
