"""A second opinion on the limits of the gate: each rule as its row says it, from the rows themselves every time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sottovoce.core.limits import Bound, ListName, Path
from tests.scenarios.small_desk import ACME
from tests.stages.risk.referee_world import DOLLAR, OWN, PPM, Question, reduces, within, worst

Verdict = list[tuple[str, str]]
"""What failed: code and row."""


def gross(question: Question) -> Verdict:
    return [] if reduces(question) else [*_over(question, "gross", "gross_exposure", 0)]


def net(question: Question) -> Verdict:
    return [] if reduces(question) else [*_over(question, "net", "net_exposure", 1)]


def sector(question: Question) -> Verdict:
    return [] if reduces(question) else [*_over(question, "sector_gross", "sector_exposure", 0)]


def country(question: Question) -> Verdict:
    return [] if reduces(question) else [*_over(question, "country_gross", "country_exposure", 0)]


def _over(question: Question, name: str, code: str, which: int) -> Iterator[tuple[str, str]]:
    for bound in question.effective.each(name):
        after = worst(question, bound.level, bound.scope)[which]
        if after > bound.value * DOLLAR:
            yield code, bound.limit_id


def near(question: Question) -> Verdict:
    part = question.tight("exposure_hold_ppm")
    if part is None or reduces(question):
        return []
    found = []
    for bound in question.effective.each("gross"):
        after, most = worst(question, bound.level, bound.scope)[0], bound.value * DOLLAR
        if most * part.value // PPM < after <= most:
            found.append(("exposure_near", bound.limit_id))
    return found


def concentration(question: Question) -> Verdict:
    if reduces(question):
        return []
    found: Verdict = []
    whole = {bound.level: bound.value for bound in question.effective.each("gross")}
    for bound in question.effective.each("concentration_ppm"):
        if bound.level not in whole:
            found.append(("limit_missing", ""))
            continue
        after = worst(question, bound.level, bound.scope, name=question.path.instrument_id)[0]
        if after > whole[bound.level] * DOLLAR * bound.value // PPM:
            found.append(("concentration", bound.limit_id))
    return found


def loss(question: Question) -> Verdict:
    if reduces(question):
        return []
    lost = {bound: _lost(question, bound) for bound in question.effective.each("loss")}
    return [("loss_stop", bound.limit_id) for bound, each in lost.items() if 0 < each >= bound.value * DOLLAR]


def loss_near(question: Question) -> Verdict:
    part, found = question.tight("loss_warn_ppm"), []
    for bound in question.effective.each("loss") if part is not None else ():
        lost, most = _lost(question, bound), bound.value * DOLLAR
        if 0 < lost < most and lost * PPM >= most * (0 if part is None else part.value):
            found.append(("loss_near", bound.limit_id))
    return found


def _lost(question: Question, bound: Bound) -> int:
    if bound.level in OWN:
        return 0
    return sum(
        each.qty * (each.px - question.mark) for each in question.held
        if within(Path(account=each.account, instrument_id=each.instrument_id), bound.level, bound.scope)
    )  # fmt: skip


def order_value(question: Question) -> Verdict:
    return _more(question, "parent_value", "order_value", question.qty * question.px, DOLLAR)


def child_value(question: Question) -> Verdict:
    return _more(question, "child_value", "child_value", question.qty * question.px, DOLLAR)


def order_quantity(question: Question) -> Verdict:
    return _more(question, "parent_qty", "order_quantity", question.qty, 1)


def child_quantity_soft(question: Question) -> Verdict:
    return _more(question, "child_qty_soft", "child_qty_soft", question.qty, 1)


def value_near(question: Question) -> Verdict:
    bound = question.tight("parent_value" if question.child is None else "child_value")
    part, value = question.tight("value_warn_ppm"), question.qty * question.px
    if bound is None or part is None or value * PPM <= bound.value * DOLLAR * part.value:
        return []
    return [("value_near", bound.limit_id)]


def order_adv(question: Question) -> Verdict:
    return _adv(question, "parent_adv_ppm", "order_adv")


def order_adv_soft(question: Question) -> Verdict:
    return _adv(question, "parent_adv_soft_ppm", "order_adv_soft")


def child_adv(question: Question) -> Verdict:
    return _adv(question, "child_adv_ppm", "child_adv")


def _adv(question: Question, name: str, code: str) -> Verdict:
    bound = question.tight(name)
    assert ACME.adv is not None
    assert ACME.adv.value is not None
    over = bound is not None and question.qty > int(ACME.adv.value * bound.value / PPM)
    return [(code, bound.limit_id)] if bound is not None and over else []


def _more(question: Question, name: str, code: str, value: int, unit: int) -> Verdict:
    bound = question.tight(name)
    return [] if bound is None or value <= bound.value * unit else [(code, bound.limit_id)]


def collar(question: Question) -> Verdict:
    limit = question.order.limit_px if question.child is None else question.child.limit_px
    bound = question.tight(_class(question))
    if limit is None or bound is None:
        return []
    edge = question.mid + question.sign * (question.mid * bound.value // PPM)
    return [("price_collar", bound.limit_id)] if question.sign * (limit - edge) > 0 else []


def _class(question: Question) -> str:
    low, least = question.tight("low_price"), question.tight("liquid_adv_qty")
    assert ACME.adv is not None
    if low is not None and question.mid < low.value * DOLLAR:
        return "collar_low_price_ppm"
    liquid = least is not None and (ACME.adv.value or 0) >= least.value
    return "collar_liquid_ppm" if liquid else "collar_other_ppm"


def restricted(question: Question) -> Verdict:
    book, path, ts_ns = question.book, question.path, question.view.ts_ns
    found: Verdict = [] if book.kept_by(ListName.RESTRICTED, path, ts_ns) else [("list_missing", "")]
    for name in (ListName.RESTRICTED, ListName.DO_NOT_TRADE):
        entry = book.listed(name, path.instrument_id, path, ts_ns)
        found += [] if entry is None else [(name.value, entry.entry_id)]
    return found


def approved(question: Question) -> Verdict:
    lacking = question.book.unapproved(question.path.instrument_id, question.path, question.view.ts_ns)
    return [("not_approved", "")] if lacking else []


def limits_present(question: Question) -> Verdict:
    return [("limit_missing", "") for _ in question.effective.missing]


RULES: dict[str, Callable[[Question], Verdict]] = {
    rule.__name__: rule
    for rule in (
        gross, net, sector, country, near, concentration, loss, loss_near, order_value, child_value, order_quantity,
        child_quantity_soft, value_near, order_adv, order_adv_soft, child_adv, collar, restricted, approved,
        limits_present,
    )
}  # fmt: skip
"""By the name of the check each of them judges."""
