"""`sottovoce basket check`: a list of orders looked at whole, before anything of it is entered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import cyclopts
import msgspec

from sottovoce.apps.output import Stopped, emit, failure_text

if TYPE_CHECKING:
    from sottovoce.core.basket_commands import NewBasket
    from sottovoce.intake.basket_file import BasketFile
    from sottovoce.runtime.basket_preview import BasketPreview

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]
ROWS_SHOWN = 10

app = cyclopts.App(name="basket", help="Look at a list of orders (CSV) as a whole.", help_format="plaintext")


@app.command
def check(
    file: Path,
    *,
    declared_notional: Annotated[str | None, cyclopts.Parameter(name="--declared-notional")] = None,
    currency: str = "USD",
    date: str | None = None,
    config: Path | None = None,
    forecasts: Path | None = None,
    as_json: Json = False,
) -> None:
    """Read a basket file strictly and take it through the gateway's and risk's checks on the last known closes.

    Args:
        file: a CSV with a header; columns symbol, side, quantity or notional, and what else is wanted.
        declared_notional: what the list is meant to be worth, gross, in its currency; compared with what it comes to.
        currency: the currency of the list.
        date: the trading day; the day after the reference data's date when not given.
        config: a configuration file; the simulation desk when not given.
        forecasts: volume, volatility and spread of the session, as `sottovoce forecast … --save` writes them.
        as_json: one JSON object on standard output.
    """
    from sottovoce.apps.baskets_in import basket_from
    from sottovoce.apps.desk_parts import open_parts
    from sottovoce.runtime.basket_preview import preview_basket

    parts = open_parts(config, date, forecasts)
    read, basket = basket_from(file, declared_notional, currency)
    seen = preview_basket(basket, parts.sessions(1)[0], parts.reference, parts.calendar, parts.config)
    stopped_unless(read, basket, seen)
    emit(_document(read, basket, seen), as_json, lambda: _text(read, basket, seen))


def stopped_unless(read: BasketFile, basket: NewBasket, seen: BasketPreview) -> None:
    """Raises Stopped, with every rule, unless the list would be released."""
    if seen.status != "released":
        failures = (*seen.rules, *(one.first for one in seen.classes))
        raise Stopped(_headline(read, basket, seen), failures, _document(read, basket, seen))


def _document(read: BasketFile, basket: NewBasket, seen: BasketPreview) -> dict[str, Any]:
    return {
        "basket_id": basket.basket_id,
        "status": seen.status,
        "rows": len(basket.legs),
        "gross": seen.gross,
        "net": seen.net,
        "currency": basket.currency,
        "declared_notional": basket.declared_notional,
        "content_digest": seen.content_digest,
        "duplicate_rows": list(read.twins),
        "rules": msgspec.to_builtins(seen.rules),
        "classes": msgspec.to_builtins(seen.classes),
        "faults": msgspec.to_builtins(seen.faults),
        "schedule": msgspec.to_builtins(seen.schedule),
    }


def _headline(read: BasketFile, basket: NewBasket, seen: BasketPreview) -> str:
    """What stops the list, every rule with the number of rows it is broken by: the first screen leaves none out."""
    what = "would wait for a person" if seen.status == "held" else f"is {seen.status}"
    classes = ", ".join(f"{one.code} x {one.count} (first row {one.row})" for one in seen.classes)
    rules = ", ".join(rule.code for rule in seen.rules)
    why = "; ".join(each for each in (rules, classes) if each)
    return f"{read.name}: the list of {len(basket.legs)} orders {what}: {why}. Nothing of it was entered."


def _text(read: BasketFile, basket: NewBasket, seen: BasketPreview) -> str:
    lines = [
        f"{read.name}: {len(basket.legs)} orders, gross {seen.gross:,} {basket.currency}, net {seen.net:,}.",
        "Every order and the list as a whole would pass; nothing was entered.",
        f"content {seen.content_digest}",
    ]
    if seen.schedule is not None:
        from sottovoce.apps.baskets_in import scheduled_text

        lines.append(scheduled_text(seen.schedule))
    for leg in seen.legs[:ROWS_SHOWN]:
        value = leg.order_qty * leg.arrival_px // leg.price_scale
        lines.append(f"  {leg.side.value:<10} {leg.order_qty:>12,} {leg.symbol:<10} {value:>16,} {leg.currency}")
    if len(seen.legs) > ROWS_SHOWN:
        lines.append(f"  and {len(seen.legs) - ROWS_SHOWN} more")
    lines += [f"  {failure_text(rule)}" for rule in seen.rules]
    return "\n".join(lines)
