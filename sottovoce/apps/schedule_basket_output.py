"""A scheduled list as figures for a program, a table for a person, and a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from sottovoce.analytics.reports.basket_picture import BasketPicture
    from sottovoce.models.impact_of_list import ListImpact
    from sottovoce.models.schedule_constrained import ConstrainedSchedule
    from sottovoce.models.schedule_constrained_lots import LotSchedule
    from sottovoce.models.schedule_constrained_problem import ConstrainedBasket

ROWS_SHOWN = 20
NAMES_SHOWN = 5
BINDING_SHOWN = 10
HEAD = "{:<10} {:<5} {:>12} {:>14} {:>12} {:>12} {:>6} {:>7}"


def basket_document(
    basket: ConstrainedBasket, found: ConstrainedSchedule, lots: LotSchedule, impact: ListImpact, currency: str
) -> dict[str, Any]:
    """Everything the schedule says; quantities are of what is left, above zero to sell. The impact is part of the
    expected cost.
    """
    from sottovoce.apps.impact_output import impact_document
    from sottovoce.models.schedule_constrained_binding import binding_limits

    gross = float(abs(basket.quantities) @ basket.prices)
    return {
        "names": len(basket.names),
        "buckets": list(basket.buckets),
        "currency": currency,
        "gross": gross,
        "net_sales": float(basket.quantities @ basket.prices),
        "expected_cost": found.expected_cost,
        "expected_cost_bps": 1e4 * found.expected_cost / gross,
        "timing_risk": found.variance**0.5,
        "timing_risk_bps": 1e4 * found.variance**0.5 / gross,
        "impact": impact_document(impact.estimate) | {"outside": impact.outside},
        "utility": found.utility,
        "kkt_residual": found.residuals.worst,
        "residuals": msgspec.to_builtins(found.residuals),
        "binding": [msgspec.to_builtins(each) for each in binding_limits(basket, found)],
        "lots": {"over_cap_lots": lots.over_cap, "beyond_limit": lots.beyond, "beyond_limit_most": lots.beyond_max},
        "orders": _orders(basket, lots),
        "sums": _sums(found),
    }


def _orders(basket: ConstrainedBasket, lots: LotSchedule) -> list[dict[str, Any]]:
    import numpy as np

    trades = np.abs(np.diff(lots.holdings, axis=0))
    spent = (basket.impact * trades**2 + basket.linear * trades).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = np.where(basket.volumes > 0, trades / basket.volumes, 0.0)
    done = np.cumsum(trades, axis=0)
    size = np.abs(basket.quantities)
    return [
        {
            "symbol": name,
            "side": "sell" if basket.quantities[place] > 0 else "buy",
            "quantity": round(size[place]),
            "worth": float(size[place] * basket.prices[place]),
            "half_done_by": basket.bucket(int(np.argmax(2 * done[:, place] >= size[place]))),
            "done_by": basket.bucket(int(np.argmax(done[:, place] >= size[place]))),
            "most_of_volume": float(rates[:, place].max()),
            "cost_bps": float(1e4 * spent[place] / (size[place] * basket.prices[place])),
            "left": [int(each) for each in np.abs(lots.holdings[:, place])],
        }
        for place, name in enumerate(basket.names)
    ]


def _sums(found: ConstrainedSchedule) -> list[dict[str, Any]]:
    left = found.left()
    return [
        {"kind": each.kind, "name": each.name, "limit": each.cap, "low": each.low, "high": each.high,
         "left": [float(value) for value in left[:, place]]}
        for place, each in enumerate(found.limits)
    ]  # fmt: skip


def basket_text(document: dict[str, Any]) -> str:
    """A screen: the totals, what binds, and the dearest orders."""
    currency = document["currency"]
    risk = f"timing risk {document['timing_risk']:,.0f} ({document['timing_risk_bps']:.1f} bps)"
    lines = [
        f"{document['names']} orders, gross {document['gross']:,.0f} {currency}, in {len(document['buckets'])} buckets",
        f"expected cost {document['expected_cost']:,.0f} {currency} ({document['expected_cost_bps']:.1f} bps), {risk}",
        *_impact_lines(document),
        f"optimal to {document['kkt_residual']:.1e} (KKT residual, measured from the list itself)",
        _lots_line(document["lots"], currency),
        "",
        *_binding_lines(document["binding"], currency),
        "",
        HEAD.format("symbol", "side", "quantity", "worth", "half by", "done by", "% vol", "bps"),
    ]
    dearest = sorted(document["orders"], key=lambda each: -each["cost_bps"] * each["worth"])
    lines += [_order_line(each) for each in dearest[:ROWS_SHOWN]]
    if len(dearest) > ROWS_SHOWN:
        lines.append(f"and {len(dearest) - ROWS_SHOWN} more; --json has them all")
    return "\n".join(lines)


def _impact_lines(document: dict[str, Any]) -> list[str]:
    from sottovoce.apps.impact_output import impact_line
    from sottovoce.core.impact_estimate import ImpactEstimate

    impact, names = document["impact"], list(document["impact"]["outside"])
    said = impact_line(msgspec.convert(impact, ImpactEstimate))
    more = ", …" if len(names) > NAMES_SHOWN else ""
    outside = f"extrapolated for {len(names)} of {document['names']} names: {', '.join(names[:NAMES_SHOWN])}{more}"
    return [f"temporary impact {said}", *([outside] if names else [])]


def _lots_line(lots: dict[str, Any], currency: str) -> str:
    over, beyond, most = lots["over_cap_lots"], lots["beyond_limit"], lots["beyond_limit_most"]
    told = f"in whole lots: at most {over:.2f} lots above a cap"
    return f"{told}, {beyond:,.0f} {currency} beyond a limit (it could be {most:,.0f})" if most else told


def _money(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}"


def _order_line(each: dict[str, Any]) -> str:
    size = (f"{each['quantity']:,}", f"{each['worth']:,.0f}")
    rate, cost = f"{100 * each['most_of_volume']:.1f}", f"{each['cost_bps']:.2f}"
    return HEAD.format(each["symbol"], each["side"], *size, each["half_done_by"], each["done_by"], rate, cost)


def _binding_lines(binding: Sequence[dict[str, Any]], currency: str) -> list[str]:
    if not binding:
        return ["No limit binds: the schedule is the one without limits."]
    lines = ["What binds, and what easing it saves (cost + risk aversion × variance):"]
    for each in binding[:BINDING_SHOWN]:
        where = each["first"] if each["buckets"] == 1 else f"{each['first']} to {each['last']}"
        if each["kind"] == "participation":
            what = f"participation {each['limit']:.1%} of {each['name']}, {where}"
            lines.append(f"  {what}: a point more saves {_money(each['saves'])} {currency}")
        else:
            what = f"{each['name']} {each['limit']:,.0f} {currency}, {where}"
            lines.append(f"  {what}: 1 % more saves {_money(each['saves'])} {currency}")
    if len(binding) > BINDING_SHOWN:
        lines.append(f"  and {len(binding) - BINDING_SHOWN} more")
    return lines


def write_drawing(plot: Path, basket: ConstrainedBasket, found: ConstrainedSchedule, document: dict[str, Any]) -> None:
    """Draw the schedule where the person asked for it. Raises ConfigError `plot_form`, `plot_unwritable` and others."""
    from sottovoce.analytics.reports.basket_picture import basket_picture
    from sottovoce.analytics.reports.picture_file import picture
    from sottovoce.apps.market_simulate import write_plot

    says = "What is left of the list, its limited sums and the share of volume, by bucket"
    write_plot(plot, picture(basket_picture(drawing(basket, found, document)), plot.suffix, says))


def drawing(basket: ConstrainedBasket, found: ConstrainedSchedule, document: dict[str, Any]) -> BasketPicture:
    """What the picture shows."""
    import numpy as np

    from sottovoce.analytics.reports.basket_picture import BasketPicture

    worth = found.holdings * basket.prices
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = np.where(basket.volumes > 0, np.abs(np.diff(found.holdings, axis=0)) / basket.volumes, 0.0)
    title = f"{document['names']} orders, gross {document['gross'] / 1e6:,.1f} m {document['currency']}"
    return BasketPicture(
        title=title,
        subtitle=f"cost {document['expected_cost_bps']:.1f} bps, timing risk {document['timing_risk_bps']:.1f} bps, "
        f"{len(document['binding'])} limits bind",
        currency=document["currency"],
        labels=("start", *document["buckets"]),
        sales=[float(each) for each in np.maximum(worth, 0.0).sum(axis=1)],
        purchases=[float(each) for each in np.maximum(-worth, 0.0).sum(axis=1)],
        sums=_parts(found),
        busiest=[float(each) for each in rates.max(axis=1)],
        middle=[float(each) for each in np.median(rates, axis=1)],
    )


def _parts(found: ConstrainedSchedule) -> dict[str, Sequence[float]]:
    """Each limited sum as a part of its limit: cash raised less spent, net beta, and the four fullest sectors."""
    import numpy as np

    left = found.left()
    parts: dict[str, Sequence[float]] = {}
    for place, each in enumerate(found.limits):
        if 0 < each.cap < inf:
            middle = (each.low + each.high) / 2.0
            turned = -1.0 if each.kind == "cash" else 1.0
            parts[each.name] = [float(value) for value in turned * (left[1:, place] - middle) / each.cap]
    sectors = [name for name in parts if name.startswith("sector ")]
    fullest = sorted(sectors, key=lambda name: -float(np.abs(parts[name]).max()))[:4]
    return {name: part for name, part in parts.items() if name not in sectors or name in fullest}
