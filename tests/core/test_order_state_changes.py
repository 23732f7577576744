"""The groups of FIX "Order State Changes", as stories in our own words: every line is checked.

Source of the groups and the vocabulary: FIX 4.4, "Order State Change Matrices" (A executions, B cancels, C replaces,
D chains of replaces, E what nobody asked for, F rejects, G status, H several days, I immediate orders, J busts and
corrections, K halts). Of several statuses at once the order shows the one the standard puts first: pending cancel,
pending replace, done for day, filled, and so on. Where we differ, the story says so.
"""

from __future__ import annotations

import pytest

from tests.core.order_story import Story

STORIES = {
    # A: executions
    "A filled in parts": """
        new -> NEW 1000/0/1000
        fill 200 -> PARTIALLY_FILLED 1000/200/800
        fill 300 -> PARTIALLY_FILLED 1000/500/500
        fill 500 -> FILLED 1000/1000/0""",
    "A traded before it was acknowledged": """
        fill 400 -> PARTIALLY_FILLED 1000/400/600
        new -> PARTIALLY_FILLED 1000/400/600
        fill 600 -> FILLED 1000/1000/0""",
    "A expired with a part done": """
        new -> NEW 1000/0/1000
        fill 200 -> PARTIALLY_FILLED 1000/200/800
        expired -> EXPIRED 1000/200/0""",
    "A filled with more than was ordered": """
        new -> NEW 1000/0/1000
        fill 1250 -> FILLED 1000/1250/0""",
    # B: cancels
    "B canceled with nothing done": """
        new -> NEW 1000/0/1000
        ask cancel -> PENDING_CANCEL 1000/0/1000
        pending cancel -> PENDING_CANCEL 1000/0/1000
        canceled -> CANCELED 1000/0/0""",
    "B a part trades while the cancel is on its way": """
        new -> NEW 1000/0/1000
        ask cancel -> PENDING_CANCEL 1000/0/1000
        fill 200 -> PENDING_CANCEL 1000/200/800
        pending cancel -> PENDING_CANCEL 1000/200/800
        fill 100 -> PENDING_CANCEL 1000/300/700
        canceled -> CANCELED 1000/300/0""",
    "B all of it trades while the cancel is on its way": """
        new -> NEW 1000/0/1000
        ask cancel -> PENDING_CANCEL 1000/0/1000
        fill 1000 -> FILLED 1000/1000/0
        cancel rejected -> FILLED 1000/1000/0""",
    "B cancel refused": """
        new -> NEW 1000/0/1000
        fill 500 -> PARTIALLY_FILLED 1000/500/500
        ask cancel -> PENDING_CANCEL 1000/500/500
        cancel rejected -> PARTIALLY_FILLED 1000/500/500""",
    "B canceled before it was acknowledged": """
        ask cancel -> PENDING_CANCEL 1000/0/1000
        new -> PENDING_CANCEL 1000/0/1000
        canceled -> CANCELED 1000/0/0""",
    "B a fill that comes after the cancel was confirmed is real": """
        new -> NEW 1000/0/1000
        canceled -> CANCELED 1000/0/0
        fill 300 -> CANCELED 1000/300/0""",
    "B the confirmation counts a fill that comes later: it waits for it": """
        new -> NEW 1000/0/1000
        ask cancel -> PENDING_CANCEL 1000/0/1000
        canceled with 300 -> PENDING_CANCEL 1000/0/1000
        fill 300 -> CANCELED 1000/300/0""",
    # C: replaces
    "C raised with nothing done: both sizes count until the answer": """
        new -> NEW 1000/0/1000
        ask replace 1500 -> PENDING_REPLACE 1000/0/1000+500
        pending replace -> PENDING_REPLACE 1000/0/1000+500
        replaced 1500 -> NEW 1500/0/1500
        fill 1500 -> FILLED 1500/1500/0""",
    "C lowered: nothing is free before the answer": """
        new -> NEW 1000/0/1000
        ask replace 600 -> PENDING_REPLACE 1000/0/1000
        replaced 600 -> NEW 600/0/600""",
    "C a part trades while the replace is on its way": """
        new -> NEW 1000/0/1000
        ask replace 2000 -> PENDING_REPLACE 1000/0/1000+1000
        fill 100 -> PENDING_REPLACE 1000/100/900+1000
        pending replace -> PENDING_REPLACE 1000/100/900+1000
        replaced 2000 -> PARTIALLY_FILLED 2000/100/1900""",
    "C all of it trades, then the raise is taken: it works again": """
        new -> NEW 1000/0/1000
        ask replace 1300 -> PENDING_REPLACE 1000/0/1000+300
        fill 1000 -> PENDING_REPLACE 1000/1000/0+300
        replaced 1300 -> PARTIALLY_FILLED 1300/1000/300""",
    "C all of it trades, then the raise is refused: it is filled": """
        new -> NEW 1000/0/1000
        ask replace 1300 -> PENDING_REPLACE 1000/0/1000+300
        fill 1000 -> PENDING_REPLACE 1000/1000/0+300
        replace rejected -> FILLED 1000/1000/0""",
    "C lowered below what trades meanwhile: filled with what traded": """
        new -> NEW 1000/0/1000
        ask replace 700 -> PENDING_REPLACE 1000/0/1000
        fill 800 -> PENDING_REPLACE 1000/800/200
        replaced 700 -> FILLED 800/800/0""",
    "C refused: as it was": """
        new -> NEW 1000/0/1000
        ask replace 1500 -> PENDING_REPLACE 1000/0/1000+500
        replace rejected -> NEW 1000/0/1000""",
    "C the new size trades before its confirmation comes": """
        new -> NEW 1000/0/1000
        ask replace 1500 -> PENDING_REPLACE 1000/0/1000+500
        fill 1200 -> PENDING_REPLACE 1200/1200/0+300
        replaced 1500 -> PARTIALLY_FILLED 1500/1200/300""",
    "C canceled while a replace is on its way: the raise comes back too": """
        new -> NEW 1000/0/1000
        ask replace 1500 -> PENDING_REPLACE 1000/0/1000+500
        canceled -> CANCELED 1000/0/0""",
    "C a cancel outlives the answer to a replace": """
        new -> NEW 1000/0/1000
        ask replace 1500 -> PENDING_REPLACE 1000/0/1000+500
        ask cancel -> PENDING_CANCEL 1000/0/1000+500
        replaced 1500 -> PENDING_CANCEL 1500/0/1500
        canceled -> CANCELED 1500/0/0""",
    # D: chains. Ours wait for each other, so a chain is one replace after another; a second answer is news like any.
    "D one replace after another": """
        new -> NEW 1000/0/1000
        ask replace 1500 -> PENDING_REPLACE 1000/0/1000+500
        replaced 1500 -> NEW 1500/0/1500
        fill 400 -> PARTIALLY_FILLED 1500/400/1100
        ask replace 900 -> PENDING_REPLACE 1500/400/1100
        replaced 900 -> PARTIALLY_FILLED 900/400/500
        fill 500 -> FILLED 900/900/0""",
    "D the second of a chain is refused": """
        new -> NEW 1000/0/1000
        ask replace 1200 -> PENDING_REPLACE 1000/0/1000+200
        replaced 1200 -> NEW 1200/0/1200
        ask replace 1400 -> PENDING_REPLACE 1200/0/1200+200
        replace rejected -> NEW 1200/0/1200""",
    "D the answer to a replace comes twice": """
        new -> NEW 1000/0/1000
        ask replace 1200 -> PENDING_REPLACE 1000/0/1000+200
        replaced 1200 -> NEW 1200/0/1200
        replaced 1200 -> NEW 1200/0/1200""",
    # E: what nobody asked for
    "E canceled unasked": """
        new -> NEW 1000/0/1000
        fill 200 -> PARTIALLY_FILLED 1000/200/800
        canceled -> CANCELED 1000/200/0""",
    "E restated smaller by the venue": """
        new -> NEW 1000/0/1000
        fill 200 -> PARTIALLY_FILLED 1000/200/800
        restated 700 -> PARTIALLY_FILLED 700/200/500""",
    "E restated to what has traded: nothing is left": """
        new -> NEW 1000/0/1000
        fill 200 -> PARTIALLY_FILLED 1000/200/800
        restated 200 -> FILLED 200/200/0""",
    "E replaced unasked": """
        new -> NEW 1000/0/1000
        replaced 1100 -> NEW 1100/0/1100""",
    # F: rejects
    "F rejected at once": """
        rejected -> REJECTED 1000/0/0""",
    "F rejected after the acknowledgement": """
        new -> NEW 1000/0/1000
        rejected -> REJECTED 1000/0/0""",
    "F rejected after a part has traded": """
        new -> NEW 1000/0/1000
        fill 100 -> PARTIALLY_FILLED 1000/100/900
        rejected -> REJECTED 1000/100/0""",
    # G: status
    "G a lost order is alive": """
        lose sight -> UNKNOWN 1000/0/1000
        status NEW 0 -> NEW 1000/0/1000""",
    "G a lost order has been canceled": """
        new -> NEW 1000/0/1000
        lose sight -> UNKNOWN 1000/0/1000
        status CANCELED 0 -> CANCELED 1000/0/0""",
    "G a lost order has traded: the answer waits for the trades": """
        new -> NEW 1000/0/1000
        lose sight -> UNKNOWN 1000/0/1000
        status CANCELED 400 -> UNKNOWN 1000/0/1000
        fill 400 -> CANCELED 1000/400/0""",
    "G an answer about an order that works changes nothing": """
        new -> NEW 1000/0/1000
        fill 200 -> PARTIALLY_FILLED 1000/200/800
        status PARTIALLY_FILLED 200 -> PARTIALLY_FILLED 1000/200/800""",
    "G an old answer about an order that is over changes nothing": """
        new -> NEW 1000/0/1000
        fill 1000 -> FILLED 1000/1000/0
        status NEW 0 -> FILLED 1000/1000/0""",
    "G a lost order trades: it is alive": """
        new -> NEW 1000/0/1000
        lose sight -> UNKNOWN 1000/0/1000
        fill 200 -> PARTIALLY_FILLED 1000/200/800""",
    # H: several days
    "H done for the day, with a trade that was late": """
        new -> NEW 1000/0/1000
        fill 200 -> PARTIALLY_FILLED 1000/200/800
        done for day -> DONE_FOR_DAY 1000/200/0
        fill 100 -> DONE_FOR_DAY 1000/300/0""",
    # I: immediate orders
    "I immediate or cancel: the rest is canceled": """
        new -> NEW 1000/0/1000
        fill 600 -> PARTIALLY_FILLED 1000/600/400
        canceled -> CANCELED 1000/600/0""",
    "I fill or kill that cannot be filled": """
        new -> NEW 1000/0/1000
        canceled -> CANCELED 1000/0/0""",
    # J: busts and corrections
    "J a trade is undone while the order works": """
        new -> NEW 1000/0/1000
        fill 200 -> PARTIALLY_FILLED 1000/200/800
        bust X1 -> PARTIALLY_FILLED 1000/0/800
        fill 800 -> FILLED 1000/800/0""",
    "J a trade of a filled order is undone: it stays filled, the rest waits for a person": """
        new -> NEW 1000/0/1000
        fill 1000 -> FILLED 1000/1000/0
        bust X1 400 -> FILLED 1000/600/0
        bust X1 -> FILLED 1000/0/0""",
    "J a trade is restated, smaller and then larger": """
        new -> NEW 1000/0/1000
        fill 400 -> PARTIALLY_FILLED 1000/400/600
        correct X1 300 2 -> PARTIALLY_FILLED 1000/300/600
        correct X1 350 2 -> PARTIALLY_FILLED 1000/350/550""",
    "J a trade of a canceled order is restated larger": """
        new -> NEW 1000/0/1000
        fill 400 -> PARTIALLY_FILLED 1000/400/600
        canceled -> CANCELED 1000/400/0
        correct X1 500 0 -> CANCELED 1000/500/0""",
    # K: halts. A venue that halts may keep an order or cancel it; neither is the order's own state.
    "K kept through a halt": """
        new -> NEW 1000/0/1000
        restated 1000 -> NEW 1000/0/1000
        fill 1000 -> FILLED 1000/1000/0""",
    "K canceled by the venue because of a halt": """
        new -> NEW 1000/0/1000
        canceled -> CANCELED 1000/0/0""",
}


@pytest.mark.parametrize("name", STORIES)
def test_story(name: str) -> None:
    story = Story()
    for line in STORIES[name].strip().splitlines():
        what, _, after = line.partition("->")
        story.told(what.strip())
        assert story.now() == after.strip(), what.strip()


def test_every_group_has_its_stories() -> None:
    assert {name[0] for name in STORIES} == set("ABCDEFGHIJK")


@pytest.mark.parametrize("name", STORIES)
def test_every_share_asked_for_is_accounted_for(name: str) -> None:
    """What was ordered and raised is in the order, still open, or came back: nothing is freed twice."""
    story = Story()
    for line in STORIES[name].strip().splitlines():
        story.told(line.partition("->")[0].strip())
    state = story.state
    taken = state.cum_qty + state.busted_qty - state.overfilled_qty
    late = 1_000 + story.raised - story.freed - (state.leaves_qty + state.pending_qty) - taken
    assert -state.cum_qty <= late <= 0, "a late trade takes back what was freed; nothing else may be missing"
