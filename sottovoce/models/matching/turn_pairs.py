"""Matches out of fills: where many trade at one price, who is written down as having met whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sottovoce.models.matching.working import Working


def turn_pairs(
    buys: Sequence[Working], sells: Sequence[Working], fills: Mapping[str, int]
) -> Iterator[tuple[Working, Working, int]]:
    """Break equal totals of buys and sells into matches of one buyer, one seller and a quantity.

    Args:
        buys, sells: the orders that trade, in turn. fills: shares of each by order_id, > 0; equal sums on both sides.
    Yields: first buyer with first seller until one of them is done, and so on.
    """
    left = dict(fills)
    sellers = iter(sells)
    seller = next(sellers, None)
    for buyer in buys:
        while left[buyer.order_id] and seller is not None:
            qty = min(left[buyer.order_id], left[seller.order_id])
            left[buyer.order_id] -= qty
            left[seller.order_id] -= qty
            yield buyer, seller, qty
            if left[seller.order_id] == 0:
                seller = next(sellers, None)
