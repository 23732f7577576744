"""The midpoint pool: oldest first, at the mid, minimum quantities kept."""

from __future__ import annotations

from sottovoce.adapters.simulated.dark import Cross, DarkPool, Hidden

NEVER = 1 << 62
MID = 50_005_000


def background(qty: int, *, buy: bool, expires_ns: int = NEVER) -> Hidden:
    return Hidden("", qty, expires_ns, None, 0, buy=buy)


def ours(qty: int, *, buy: bool = True, limit_px: int | None = None, minimum: int = 0, key: str = "ours") -> Hidden:
    return Hidden(key, qty, NEVER, limit_px, minimum, buy=buy)


def test_order_waits_for_the_other_side() -> None:
    pool = DarkPool()
    assert pool.arrive(ours(500), MID, 1) == []
    assert pool.arrive(background(200, buy=False), MID, 2) == [Cross(200, "ours", "")]
    assert pool.arrive(background(900, buy=False), MID, 3) == [Cross(300, "ours", "")]


def test_oldest_trades_first() -> None:
    pool = DarkPool()
    pool.arrive(background(100, buy=True), MID, 1)
    pool.arrive(ours(100), MID, 2)
    assert pool.arrive(background(150, buy=False), MID, 3) == [Cross(100, "", ""), Cross(50, "ours", "")]


def test_mid_outside_our_limit_does_not_trade() -> None:
    pool = DarkPool()
    pool.arrive(ours(100, limit_px=MID - 1), MID, 1)
    assert pool.arrive(background(100, buy=False), MID, 2) == []
    assert pool.arrive(background(100, buy=False), MID - 1, 3) == [Cross(100, "ours", "")]


def test_smaller_counterparty_than_our_minimum_is_passed_over() -> None:
    pool = DarkPool()
    pool.arrive(ours(1_000, minimum=300), MID, 1)
    assert pool.arrive(background(299, buy=False), MID, 2) == []
    assert pool.arrive(background(300, buy=False), MID, 3) == [Cross(300, "ours", "")]


def test_less_than_the_minimum_trades_when_no_more_is_left_of_us() -> None:
    pool = DarkPool()
    pool.arrive(ours(350, minimum=300), MID, 1)
    pool.arrive(background(300, buy=False), MID, 2)
    assert pool.arrive(background(500, buy=False), MID, 3) == [Cross(50, "ours", "")]


def test_background_order_is_gone_after_its_time() -> None:
    pool = DarkPool()
    pool.arrive(background(100, buy=False, expires_ns=10), MID, 1)
    assert pool.arrive(ours(100), MID, 10) == []


def test_our_orders_never_trade_with_each_other() -> None:
    pool = DarkPool()
    pool.arrive(ours(100), MID, 1)
    assert pool.arrive(ours(100, buy=False, key="other"), MID, 2) == []


def test_order_that_left_does_not_trade() -> None:
    pool = DarkPool()
    pool.arrive(ours(100), MID, 1)
    pool.leave("ours")
    assert pool.arrive(background(100, buy=False), MID, 2) == []
