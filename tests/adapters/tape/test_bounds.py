"""What a kinder and a stricter rule than the queue would have filled."""

from __future__ import annotations

from tests.adapters.tape.synthetic import at, market, route, routed, run

TOUCH = [(-60.0, 10.00, 300, 10.02, 200)]


def test_bounds_count_the_kind_and_the_strict_rule_beside_the_queue() -> None:
    prints = [(20, 10.00, 200, "N", 1), (21, 10.00, 150, "N", 1), (22, 9.99, 20, "N", 1)]
    tape = market(TOUCH, prints)
    tape.send(routed(route(qty=100)), at(10))
    run(tape, 30)
    live = tape.fill_bounds()
    assert (live.orders, live.rested_qty) == (1, 100)
    assert (live.touch_qty, live.queue_qty, live.through_qty) == (100, 70, 20)
    run(tape)
    assert tape.fill_bounds() == live
    assert (live.touch_orders, live.queue_orders, live.through_orders) == (1, 1, 1)


def test_takers_are_not_in_the_bounds() -> None:
    tape = market(TOUCH, [])
    tape.send(routed(route(price=10.02)), at(10))
    run(tape)
    assert tape.fill_bounds().orders == 0
