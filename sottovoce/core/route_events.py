"""What routing decides: which venue gets how much of a child, and why."""

from __future__ import annotations

import msgspec

from sottovoce.core.event import Event
from sottovoce.core.orders import Failure, Route


class ChildRouted(Event, frozen=True, kw_only=True, gc=False, tag="child_routed"):
    """One order for one venue: the only message that may leave as a new order."""

    route: Route
    decision_id: str


class ChildUnrouted(Event, frozen=True, kw_only=True, gc=False, tag="child_unrouted"):
    """No eligible venue for this much of the child; it is unsent again."""

    child_id: str
    qty: int
    failures: tuple[Failure, ...]


class Candidate(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A venue as the router saw it; score is the sum of the parts, price units a share, higher is better.

    preferred: what the manager's preference adds; without it the venue has to stand on the other parts.
    """

    venue: str
    eligible: bool
    reason: str = ""
    score: int = 0
    price: int = 0
    fee: int = 0
    adverse: int = 0
    miss: int = 0
    latency: int = 0
    size: int = 0
    displayed: int = 0
    allocated: int = 0
    preferred: int = 0


class RouteDecided(Event, frozen=True, kw_only=True, gc=False, tag="route_decided"):
    """Why these venues: every candidate with its score, the runner-up, the quote and feed sequence seen.

    Evidence: kept beside the step under its hash, read by people and analytics, never by a stage.
    """

    decision_id: str
    child_id: str
    candidates: tuple[Candidate, ...]
    winner: str
    runner_up: str
    margin: int
    bid: int
    ask: int
    feed_seq: int
    seed: int
    explored: bool


RouteEvent = ChildRouted | ChildUnrouted | RouteDecided
