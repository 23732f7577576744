"""What an order file may not say: sizes, rates and times that contradict one another."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from sottovoce.core.errors import MalformedMessage
from sottovoce.intake.order_fields import FileOrder, FileQuantityRule

_RATES = ("participation", "participation_min", "participation_max")


def refusal(path: Path, field: str, what: str, code: str = "order_file_field") -> MalformedMessage:
    """The error that names file, field and what to do."""
    return MalformedMessage(f"{path.name}: {field} {what}.", code=code)


def refuse_contradictions(path: Path, where: str, order: FileOrder) -> None:
    """Refuse an order whose fields, each right in itself, do not fit together."""
    sizes = [size for size in (order.quantity, order.notional, order.quantity_rule) if size is not None]
    if len(sizes) != 1:
        raise refusal(path, where, "needs exactly one of quantity, notional and quantity_rule", "order_file_size")
    rule = order.quantity_rule
    if rule is not None and (rule.pct_adv is None) == (rule.pct_of_position is None):
        raise refusal(
            path, f"{where}.quantity_rule", ("needs exactly one of pct_of_position and pct_adv"), "order_file_size"
        )
    for name, value in _positive(order):
        if value is not None and Decimal(value) == 0:
            raise refusal(path, f"{where}.{name}", "is zero; give a value above zero", "order_file_zero")
    _refuse_rates(path, where, order)
    start, end = order.horizon.start, order.horizon.end
    if end is not None and ":" in start and ":" in end and end <= start and order.horizon.days == 1:
        raise refusal(path, f"{where}.horizon.end", f"({end}) is not after its start ({start})", "order_file_time")


def _positive(order: FileOrder) -> list[tuple[str, str | None]]:
    rule = order.quantity_rule or FileQuantityRule()
    would = order.constraints.would
    return [
        ("limit", order.limit),
        ("stop", order.stop),
        ("notional.amount", order.notional.amount if order.notional else None),
        ("quantity_rule.pct_of_position", rule.pct_of_position),
        ("quantity_rule.pct_adv", rule.pct_adv),
        ("constraints.max_participation", order.constraints.max_participation),
        ("constraints.max_impact_bps", order.constraints.max_impact_bps),
        ("constraints.max_pct_adv", order.constraints.max_pct_adv),
        ("constraints.would.price", would.price if would else None),
    ]


def _refuse_rates(path: Path, where: str, order: FileOrder) -> None:
    rates: dict[str, str | None] = {name: getattr(order.algo_params, name) for name in _RATES}
    for name, rate in rates.items():
        if rate is not None and not 0 < Decimal(rate) <= Decimal("0.5"):
            raise refusal(
                path,
                f"{where}.algo_params.{name}",
                (f"is {rate}; a rate is above 0 and at most 0.5"),
                "order_file_range",
            )
    if order.algo == "POV" and not any(rates.values()):
        raise refusal(path, f"{where}.algo_params.participation", "is missing; POV needs a rate", "order_file_field")
    rule, cap = order.quantity_rule, order.constraints.max_participation
    if rule is not None and rule.pct_of_position is not None and Decimal(rule.pct_of_position) > 1:
        raise refusal(
            path, (f"{where}.quantity_rule.pct_of_position"), "is above 1, the whole position", "order_file_range"
        )
    if cap is not None and Decimal(cap) > 1:
        raise refusal(path, f"{where}.constraints.max_participation", f"is {cap}; at most 1", "order_file_range")
