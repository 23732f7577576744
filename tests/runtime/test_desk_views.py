"""The views of what waits for people, on the states they are views of."""

from __future__ import annotations

from sottovoce.core.commands import HaltTrading
from sottovoce.core.enums import ExecType, OrdStatus
from sottovoce.core.session_commands import CloseBreak, Declared, MassStatusEnd, ResolveUnknown, SessionStatus
from sottovoce.runtime.desk_views import halts_in_force, open_breaks, unknown_orders
from tests.scenarios.small_desk import LIT, RISK
from tests.stages.executions.line_desk import CLERK, OTHER_CLERK, LineDesk
from tests.stages.executions.test_unknown import lost


def test_halt_shows_its_orders_until_venues_confirm() -> None:
    desk = LineDesk()
    desk.take(desk.report(ExecType.NEW))
    desk.take(HaltTrading(principal=RISK, reason="a runaway"))
    (halt,) = halts_in_force(desk.system)
    assert (halt.scope, halt.principal, halt.reason, halt.confirmed) == ("firm", RISK, "a runaway", 0)
    assert desk.route.cl_ord_id in [row.cl_ord_id for row in halt.orders]
    assert halt.waiting + halt.unconfirmed == len(halt.orders)
    before = len(halt.orders)
    desk.take(desk.report(ExecType.CANCELED, ord_status=OrdStatus.CANCELED))
    (halt,) = halts_in_force(desk.system)
    assert (halt.confirmed, len(halt.orders)) == (1, before - 1)
    assert desk.route.cl_ord_id not in [row.cl_ord_id for row in halt.orders]


def test_unknown_order_shows_what_one_person_has_declared_until_another_confirms() -> None:
    desk = lost()
    (row,) = [each for each in unknown_orders(desk.system) if each.cl_ord_id == desk.route.cl_ord_id]
    assert (row.leaves_qty, row.proposed, row.proposed_by) == (desk.route.qty, "", "")

    def declare(person: str) -> None:
        desk.take(
            ResolveUnknown(
                principal=person, parent_id=desk.parent, cl_ord_id=desk.route.cl_ord_id,
                declared=Declared.NEVER_ARRIVED, evidence="asked the venue's help desk, ticket 17",
            )
        )  # fmt: skip

    declare(CLERK)
    (row,) = [each for each in unknown_orders(desk.system) if each.cl_ord_id == desk.route.cl_ord_id]
    assert (row.proposed, row.proposed_by) == ("never_arrived", CLERK)
    declare(OTHER_CLERK)
    assert desk.route.cl_ord_id not in [each.cl_ord_id for each in unknown_orders(desk.system)]


def test_break_is_listed_until_it_is_closed() -> None:
    desk = LineDesk()
    desk.take(desk.report(ExecType.NEW))
    desk.take(SessionStatus(venue=LIT, up=True))
    desk.take(MassStatusEnd(venue=LIT, instrument_id="ACME", request_id=f"L1.{LIT}.ACME", reports=0, transact_ns=1))
    desk.unknown_to_venue()
    (row,) = open_breaks(desk.system)
    assert (row.kind, row.venue, row.cl_ord_id) == ("lost_order", LIT, desk.route.cl_ord_id)
    for person in (CLERK, OTHER_CLERK):
        desk.take(CloseBreak(principal=person, break_id=row.break_id, evidence="the venue confirmed by phone"))
    assert open_breaks(desk.system) == ()
