"""A labelled day of our own flow: conduct that must be found, among what a desk does on an honest day.

Every pattern is drawn with other figures each time, some well inside its definition and some at its edge; honest flow
has the near misses of each: orders pulled for patience, two-sided books of different owners, large closing orders.
"""

from __future__ import annotations

import random

from sottovoce.analytics.surveillance.alerts import MINUTE, SECOND
from sottovoce.analytics.surveillance.own_flow import Flow, OwnFill, OwnOrder, Parent
from sottovoce.core.ports import Session

OPEN_NS = 1_760_016_600 * SECOND
CLOSE_NS = OPEN_NS + 390 * MINUTE
SESSION = Session(date="2025-10-09", open_ns=OPEN_NS, close_ns=CLOSE_NS)
MID = 100_000_000
TICK = 10_000


class Day:
    """A day's flow under construction, and the prices beside it: a mid that jumps where a burst made it."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.flow = Flow()
        self.jumps: list[tuple[str, int, int]] = []
        self.volumes: dict[str, int] = {}
        self._count = 0

    def order(
        self, owner: str, name: str, at_ns: int, sign: int, qty: int, px: int, *, life_ns: int = 0, canceled: int = 0
    ) -> OwnOrder:
        """One order; life_ns 0 leaves it open."""
        self._count += 1
        sent = OwnOrder(
            cl_ord_id=f"V{self._count}", parent_id=f"P-{owner}", account=owner, owner=owner, instrument_id=name,
            venue=self.dice.choice(("LIT1", "LIT2")), sign=sign, qty=qty, px=px, sent_ns=at_ns,
            ended_ns=at_ns + life_ns if life_ns else 0, canceled_qty=canceled,
        )  # fmt: skip
        self.flow.orders.append(sent)
        self.flow.messages.append((at_ns, sent.venue))
        if canceled:
            self.flow.messages.append((at_ns + life_ns, sent.venue))
        return sent

    def fill(self, order: OwnOrder, at_ns: int, qty: int, px: int, *, took: bool) -> None:
        order.filled_qty += qty
        number = len(self.flow.fills)
        self.flow.fills.append(OwnFill(order=order, exec_id=f"E{number}", ts_ns=at_ns, qty=qty, px=px, took=took))

    def parent(self, account: str, name: str, at_ns: int, sign: int, qty: int, principal: str) -> None:
        self.flow.parents.append(
            Parent(
                parent_id=f"P{len(self.flow.parents)}", account=account, owner=account, principal=principal,
                instrument_id=name, sign=sign, qty=qty, accepted_ns=at_ns,
            )
        )  # fmt: skip

    def sorted(self) -> Flow:
        """The flow in order of time."""
        flow = self.flow
        return Flow(
            orders=sorted(flow.orders, key=lambda each: each.sent_ns),
            fills=sorted(flow.fills, key=lambda each: each.ts_ns),
            parents=sorted(flow.parents, key=lambda each: each.accepted_ns),
            messages=sorted(flow.messages),
        )

    # Prices ----------------------------------------------------------------------------------------------

    def mid(self, instrument_id: str, at_ns: int) -> int | None:
        return MID + sum(move for name, when, move in self.jumps if name == instrument_id and when <= at_ns)

    def sigma(self, instrument_id: str, span_ns: int) -> float | None:
        return TICK * 2.0 if span_ns < MINUTE else TICK * 20.0

    def volume(self, instrument_id: str, begin_ns: int, end_ns: int) -> int:
        return self.volumes.get(instrument_id, 1_000_000)

    # conduct ---------------------------------------------------------------------------------------------

    def spoof(self, owner: str, name: str) -> None:
        """Two or three times: layers or size on one side, a trade on the other, and the layers gone."""
        dice, sign = self.dice, self.dice.choice((1, -1))
        for episode in range(dice.randint(2, 3)):
            at_ns = OPEN_NS + (20 + 60 * episode) * MINUTE + dice.randrange(MINUTE)
            genuine = self.order(owner, name, at_ns, sign, 200, MID)
            levels, each = (dice.randint(3, 6), 300) if dice.random() < 0.5 else (1, dice.randint(1_000, 4_000))
            life_ns = dice.randint(int(0.3 * SECOND), 2 * SECOND)
            for level in range(levels):
                px = MID - sign * (level + 1) * TICK
                self.order(owner, name, at_ns + 1, -sign, each, px, life_ns=life_ns, canceled=each)
            self.fill(genuine, at_ns + life_ns // 2, 200, MID, took=False)

    def wash(self, owner: str, name: str) -> None:
        dice, qty = self.dice, self.dice.randint(1, 50) * 100
        at_ns = OPEN_NS + dice.randrange(350 * MINUTE)
        px = MID + dice.randint(-50, 50) * TICK
        for sign in (1, -1):
            when = at_ns if sign == 1 else at_ns + dice.randrange(SECOND)
            self.fill(self.order(owner, name, when, sign, qty, px), when, qty, px, took=sign == 1)

    def mark_close(self, owner: str, name: str) -> None:
        dice, sign = self.dice, self.dice.choice((1, -1))
        self.volumes[name] = 400_000
        for part in range(4):
            at_ns = CLOSE_NS - (9 - 2 * part) * MINUTE
            order = self.order(owner, name, at_ns, sign, dice.randint(26_000, 60_000), MID)
            self.fill(order, at_ns, order.qty, MID, took=True)
        self.jumps.append((name, CLOSE_NS - MINUTE, sign * dice.randint(41, 90) * TICK))

    def ignite(self, owner: str, name: str) -> None:
        dice, sign = self.dice, self.dice.choice((1, -1))
        at_ns = OPEN_NS + 100 * MINUTE + dice.randrange(100 * MINUTE)
        count = dice.randint(5, 12)
        for number in range(count):
            when = at_ns + number * 4 * SECOND // count
            self.fill(self.order(owner, name, when, sign, 500, MID), when, 500, MID + sign * TICK, took=True)
        move = sign * dice.randint(7, 20) * TICK
        self.jumps.append((name, at_ns + 2 * SECOND, move))
        back = at_ns + 5 * SECOND + dice.randrange(280 * SECOND)
        self.fill(self.order(owner, name, back, -sign, 2_000, MID + move), back, 2_000, MID + move, took=False)

    def stuff(self, venue: str) -> None:
        at_ns = OPEN_NS + self.dice.randrange(300 * MINUTE)
        self.flow.messages += [(at_ns + number * SECOND // 700, venue) for number in range(600)]

    def run_ahead(self, house: str, client: str, name: str) -> None:
        at_ns, sign = OPEN_NS + self.dice.randrange(300 * MINUTE), self.dice.choice((1, -1))
        self.parent(house, name, at_ns, sign, 5_000, "trader-1")
        self.parent(client, name, at_ns + self.dice.randint(1, 59) * SECOND, sign, 200_000, "trader-2")

    def probe(self, owner: str, name: str) -> None:
        at_ns = OPEN_NS + self.dice.randrange(300 * MINUTE)
        self.parent(owner, name, at_ns, 1, self.dice.randint(1, 500), "trader-3")
        self.parent(owner, name, at_ns + self.dice.randint(1, 59) * SECOND, 1, 50_000, "trader-3")

    # an honest day ---------------------------------------------------------------------------------------

    def honest(self, owner: str, name: str) -> None:
        """A parent worked all day: rests a minute, pulls, takes; a few children end within a second or two."""
        dice, sign = self.dice, self.dice.choice((1, -1))
        self.parent(owner, name, OPEN_NS + dice.randrange(MINUTE), sign, 100_000, f"pm-{owner}")
        for minute in range(2, 388):
            at_ns = OPEN_NS + minute * MINUTE + dice.randrange(MINUTE // 2)
            qty, px = dice.randint(1, 8) * 100, MID - sign * dice.randint(0, 2) * TICK
            draw = dice.random()
            if draw < 0.45:
                self.order(owner, name, at_ns, sign, qty, px, life_ns=MINUTE, canceled=qty)
            elif draw < 0.55:
                self.order(owner, name, at_ns, sign, qty, px, life_ns=SECOND, canceled=qty)
            else:
                order = self.order(owner, name, at_ns, sign, qty, px, life_ns=5 * SECOND)
                self.fill(order, at_ns + 5 * SECOND, qty, px, took=draw > 0.9)

    def near_misses(self, name: str) -> None:
        """Two owners that trade alike, a pair over a second apart, a large close against us, an old probe."""
        at_ns = OPEN_NS + 200 * MINUTE
        later_ns = at_ns + 2 * SECOND
        for owner, sign, when in (("X1", 1, at_ns), ("X2", -1, at_ns), ("X3", 1, at_ns), ("X3", -1, later_ns)):
            self.fill(self.order(owner, name, when, sign, 700, MID), when, 700, MID, took=True)
        order = self.order("X4", name, CLOSE_NS - 5 * MINUTE, 1, 200_000, MID)
        self.fill(order, CLOSE_NS - 5 * MINUTE, 200_000, MID, took=True)
        self.parent("X5", name, at_ns, 1, 100, "trader-5")
        self.parent("X5", name, at_ns + 61 * SECOND, 1, 90_000, "trader-5")
        self.parent("HOUSE", name, at_ns, -1, 100, "trader-6")
        self.parent("X6", name, at_ns + 10 * SECOND, 1, 90_000, "trader-7")
