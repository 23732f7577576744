"""What may go wrong, and how often: one row of rates, everything 0 where nothing goes wrong.

A rate is the probability at each opportunity: each order that arrives at a venue, each report, each step, each person's
word. ALL is the mixture of a whole run; SINGLES has every fault alone, often, under the row of the fault matrix it
plays.
"""

from __future__ import annotations

import msgspec


class Faults(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rates of every fault, each between 0 and 1."""

    # what a venue does with our orders
    rejects: float = 0.0
    acks_late: float = 0.0
    rejects_after_ack: float = 0.0
    cancels_unasked: float = 0.0
    done_for_day: float = 0.0
    expires: float = 0.0
    restates: float = 0.0
    overfills: float = 0.0
    fills_across_cancel: float = 0.0
    refuses_cancels: float = 0.0
    busts: float = 0.0
    corrects: float = 0.0
    nonsense: float = 0.0
    # what the line does with what is said
    repeats: float = 0.0
    shuffles: float = 0.0
    silences: float = 0.0
    disconnects: float = 0.0
    orders_late: float = 0.0
    # what the market's data do
    stales: float = 0.0
    bad_quotes: float = 0.0
    halts: float = 0.0
    implausible: float = 0.0
    # what the machine does
    crashes: float = 0.0
    tears: float = 0.0
    disk_full: float = 0.0
    disk_stalls: float = 0.0
    poisons: float = 0.0
    # what people do
    repeated_orders: float = 0.0
    changed_bodies: float = 0.0
    wrong_people: float = 0.0
    kills: float = 0.0


NONE = Faults()
"""Nothing goes wrong."""

ALL = Faults(
    rejects=0.02, acks_late=0.05, rejects_after_ack=0.01, cancels_unasked=0.02, done_for_day=0.005, expires=0.01,
    restates=0.01, overfills=0.01, fills_across_cancel=0.2, refuses_cancels=0.1, busts=0.01, corrects=0.01,
    nonsense=0.005, repeats=0.05, shuffles=0.1, silences=0.01, disconnects=0.004, orders_late=0.01, stales=0.02,
    bad_quotes=0.03, halts=0.01, implausible=0.01, crashes=0.0003, tears=0.5, disk_full=0.0001, disk_stalls=0.001,
    poisons=0.0002, repeated_orders=0.1, changed_bodies=0.05, wrong_people=0.1, kills=0.02,
)  # fmt: skip
"""Everything at once, each at a low rate."""

SINGLES: dict[str, Faults] = {
    "none": NONE,
    "F-01": Faults(repeated_orders=0.9),
    "F-02": Faults(changed_bodies=0.9),
    "F-03": Faults(repeats=0.8),
    "F-03 after reconnect": Faults(repeats=0.5, disconnects=0.02),
    "F-04": Faults(shuffles=0.9),
    "F-05": Faults(fills_across_cancel=1.0),
    "F-06": Faults(overfills=0.2),
    "F-07 unsolicited cancel": Faults(cancels_unasked=0.3),
    "F-07 done for day": Faults(done_for_day=0.3),
    "F-08 bust": Faults(busts=0.2),
    "F-08 correct": Faults(corrects=0.2),
    "F-09 reject after ack": Faults(rejects_after_ack=0.3),
    "F-09 cancel reject": Faults(refuses_cancels=0.8),
    "F-10": Faults(disconnects=0.05),
    "F-11": Faults(silences=0.1),
    "F-19": Faults(disk_full=0.003),
    "F-20": Faults(crashes=0.012, tears=1.0),
    "F-23": Faults(stales=0.3),
    "F-24": Faults(bad_quotes=0.4),
    "F-26": Faults(implausible=0.2),
    "F-27": Faults(halts=0.2),
    "F-28": Faults(poisons=0.003),
    "F-41": Faults(kills=0.2, silences=0.02),
    "F-44": Faults(wrong_people=0.8),
    "F-45": Faults(acks_late=0.5, refuses_cancels=0.3),
    "F-45 late arrival": Faults(orders_late=0.3),
    "F-46": Faults(disk_stalls=0.02),
    "nonsense": Faults(nonsense=0.1),
    "rejects": Faults(rejects=0.5),
    "restated and expired": Faults(restates=0.2, expires=0.2),
    "crash": Faults(crashes=0.012),
}
"""Every fault alone, by the row of the fault matrix it plays."""
