"""Conditional orders: asked, firmed up, faded, withdrawn, and what each leaves in the record."""

from __future__ import annotations

from sottovoce.core.units import NS_PER_MILLISECOND, NS_PER_SECOND
from sottovoce.models.matching.port import Touch
from tests.models.matching.dark_desk import (
    CENT,
    CLOSE_NS,
    MID,
    START_NS,
    block_pool,
    buy,
    fills,
    graded_pool,
    sell,
    words,
)


def test_firm_order_invites_and_the_firm_up_trades() -> None:
    pool = block_pool()
    pool.enter(sell("C", 5_000, conditional=True), START_NS)
    news = pool.enter(buy("F", 2_000), START_NS + 1)
    assert words(news) == [("F", "new", ""), ("C", "restated", "invited")]
    assert (news[1].leaves_qty, news[1].last_qty) == (5_000, 0)
    news = pool.firm_up("C", 5_000, 0, START_NS + NS_PER_SECOND)
    assert words(news)[0] == ("C", "replaced", "firmed_up")
    assert sorted(fills(news)) == [("C", 2_000, MID), ("F", 2_000, MID)]
    assert (pool.firm_ups("owner of C").invited, pool.firm_ups("owner of C").firmed) == (1, 1)
    assert fills(pool.enter(buy("G", 3_000), START_NS + 2 * NS_PER_SECOND))[1] == ("C", 3_000, MID)


def test_two_conditionals_are_both_asked_and_trade_when_both_are_firm() -> None:
    pool = block_pool()
    pool.enter(sell("C", 5_000, conditional=True), START_NS)
    assert words(pool.enter(buy("D", 4_000, conditional=True), START_NS)) == [
        ("D", "new", ""),
        ("D", "restated", "invited"),
        ("C", "restated", "invited"),
    ]
    assert fills(pool.replace("D", 4_000, 0, START_NS + 1)) == []
    assert fills(pool.replace("C", 5_000, 0, START_NS + 2)) == [("D", 4_000, MID), ("C", 4_000, MID)]


def test_silence_is_a_fade_and_frees_the_other_side() -> None:
    pool = block_pool()
    pool.enter(sell("C", 5_000, conditional=True), START_NS)
    pool.enter(buy("F", 2_000), START_NS)
    assert fills(pool.enter(sell("S", 2_000), START_NS)) == []
    news = pool.advance(START_NS + NS_PER_SECOND)
    assert words(news)[0] == ("C", "canceled", "firm_up_timeout")
    assert fills(news) == [("F", 2_000, MID), ("S", 2_000, MID)]
    record = pool.firm_ups("owner of C")
    assert (record.invited, record.firmed, record.faded, record.fade_rate) == (1, 0, 1, 1.0)


def test_firm_up_too_late_is_refused() -> None:
    pool = block_pool()
    pool.enter(sell("C", 5_000, conditional=True), START_NS)
    pool.enter(buy("F", 2_000), START_NS)
    news = pool.firm_up("C", 5_000, 0, START_NS + NS_PER_SECOND + 1)
    assert words(news) == [("C", "canceled", "firm_up_timeout"), ("C", "rejected", "unknown_order")]


def test_only_the_overlap_is_bound() -> None:
    pool = block_pool()
    pool.enter(sell("C", 1_000, conditional=True), START_NS)
    pool.enter(buy("F", 3_000), START_NS)
    assert fills(pool.enter(sell("S", 5_000), START_NS)) == [("S", 2_000, MID), ("F", 2_000, MID)]
    assert ("F", 1_000, MID) in fills(pool.firm_up("C", 1_000, 0, START_NS + 1))


def test_declining_is_a_fade_and_leaving_before_an_invitation_is_not() -> None:
    pool = block_pool()
    pool.enter(sell("C", 1_000, conditional=True), START_NS)
    pool.enter(buy("F", 1_000), START_NS)
    pool.cancel("C", START_NS)
    assert pool.firm_ups("owner of C").faded == 1
    quiet = block_pool()
    quiet.enter(sell("D", 1_000, conditional=True, owner="calm"), START_NS)
    quiet.cancel("D", START_NS)
    assert (quiet.firm_ups("calm").invited, quiet.firm_ups("calm").faded) == (0, 0)
    assert quiet.firm_ups("calm").fade_rate is None


def test_inviter_that_leaves_withdraws_the_invitation_without_a_fade() -> None:
    pool = block_pool()
    pool.enter(sell("C", 1_000, conditional=True), START_NS)
    pool.enter(buy("F", 1_000), START_NS)
    assert words(pool.cancel("F", START_NS)) == [
        ("C", "restated", "invitation_withdrawn"),
        ("F", "canceled", "canceled"),
    ]
    assert words(pool.firm_up("C", 1_000, 0, START_NS)) == [("C", "rejected", "not_invited")]
    record = pool.firm_ups("owner of C")
    assert (record.invited, record.faded, record.withdrawn) == (1, 0, 1)
    assert words(pool.enter(buy("G", 1_000), START_NS))[1] == ("C", "restated", "invited")


def test_worse_firm_up_is_counted_and_must_still_suit_the_inviter() -> None:
    pool = block_pool()
    pool.enter(sell("C", 5_000, conditional=True), START_NS)
    pool.enter(buy("F", 5_000, min_qty=2_000), START_NS)
    assert fills(pool.firm_up("C", 1_000, 0, START_NS + 1)) == []
    assert pool.firm_ups("owner of C").worse == 1
    pool.enter(sell("D", 5_000, conditional=True), START_NS + 2)
    news = pool.firm_up("D", 5_000, MID + CENT, START_NS + 3)
    assert (fills(news), pool.firm_ups("owner of D").worse) == ([], 1)


def test_mid_that_is_gone_at_the_firm_up_stops_the_trade_until_it_is_back() -> None:
    pool = block_pool()
    pool.enter(sell("C", 1_000, conditional=True), START_NS)
    pool.enter(buy("F", 1_000), START_NS)
    pool.observe(Touch(100_000_000, 1, 100_000_000, 1), START_NS)
    assert fills(pool.firm_up("C", 1_000, 0, START_NS)) == []
    assert len(fills(pool.observe(Touch(100_000_000, 1, 100_010_000, 1), START_NS))) == 2


def test_conditionals_ask_the_largest_first_and_one_at_a_time() -> None:
    pool = block_pool()
    pool.enter(sell("early", 1_000), START_NS)
    pool.enter(sell("large", 3_000), START_NS)
    pool.enter(buy("C", 2_000, conditional=True), START_NS)
    assert [each for each in fills(pool.firm_up("C", 2_000, 0, START_NS)) if each[0] != "C"] == [("large", 2_000, MID)]


def test_firm_up_for_more_trades_the_rest_while_the_other_side_is_still_asked() -> None:
    pool = block_pool()
    pool.enter(sell("C", 1_000, conditional=True), START_NS)
    pool.enter(buy("D", 1_000, conditional=True), START_NS)
    pool.enter(buy("F", 500), START_NS)
    assert fills(pool.firm_up("C", 1_500, 0, START_NS + 1)) == [("C", 500, MID), ("F", 500, MID)]
    assert fills(pool.firm_up("D", 1_000, 0, START_NS + 2)) == [("D", 1_000, MID), ("C", 1_000, MID)]


def test_large_firm_order_asks_several() -> None:
    pool = block_pool()
    for name in ("C", "D"):
        pool.enter(sell(name, 1_000, conditional=True), START_NS)
    assert words(pool.enter(buy("F", 1_500), START_NS)) == [
        ("F", "new", ""),
        ("C", "restated", "invited"),
        ("D", "restated", "invited"),
    ]
    assert fills(pool.firm_up("C", 1_000, 0, START_NS))[0][1] == 1_000
    assert fills(pool.firm_up("D", 1_000, 0, START_NS))[0][1] == 500


def test_graded_pool_asks_conditionals_only_of_each_other() -> None:
    pool = graded_pool()
    pool.enter(sell("C", 1_000, conditional=True), START_NS)
    assert words(pool.enter(buy("F", 1_000), START_NS)) == [("F", "new", "")]
    assert words(pool.enter(buy("D", 1_000, conditional=True), START_NS))[1:] == [
        ("D", "restated", "invited"),
        ("C", "restated", "invited"),
    ]


def test_uncommitted_firm_up_meets_whoever_is_there_and_ends_by_itself() -> None:
    """UBS ATS, item 9: the firm-up matches in price and time, and ends after 500 ms."""
    pool = graded_pool()
    pool.enter(sell("C", 1_000, conditional=True), START_NS)
    pool.enter(buy("D", 1_000, conditional=True), START_NS)
    assert fills(pool.firm_up("C", 1_000, 0, START_NS + 50 * NS_PER_MILLISECOND)) == []
    assert fills(pool.enter(buy("F", 400), START_NS + 60 * NS_PER_MILLISECOND)) == [("F", 400, MID), ("C", 400, MID)]
    news = pool.advance(START_NS + 550 * NS_PER_MILLISECOND)
    assert words(news) == [("D", "canceled", "firm_up_timeout"), ("C", "expired", "firm_up_over")]
    assert [each.at_ns - START_NS for each in news] == [100 * NS_PER_MILLISECOND, 550 * NS_PER_MILLISECOND]


def test_close_ends_open_invitations_without_a_fade() -> None:
    pool = block_pool()
    pool.enter(sell("C", 1_000, conditional=True), CLOSE_NS - 10)
    pool.enter(buy("F", 1_000), CLOSE_NS - 10)
    news = words(pool.advance(CLOSE_NS))
    assert sorted(each for each in news if each[1] == "expired") == [
        ("C", "expired", "session_over"),
        ("F", "expired", "session_over"),
    ]
    assert pool.firm_ups("owner of C").faded == 0


def test_conditional_never_trades_unasked() -> None:
    pool = block_pool()
    pool.enter(sell("C", 1_000, conditional=True), START_NS)
    pool.enter(buy("F", 1_000), START_NS)
    for step in range(1, 9):
        touch = Touch(100_000_000 + step * CENT, 1, 100_010_000 + step * CENT, 1)
        assert fills(pool.observe(touch, START_NS + step)) == []
