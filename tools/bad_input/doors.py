"""The doors as a stranger finds them: bytes in, and either an accepted request or a refusal with a code.

Behind each stands the shipped gateway on the shipped instruments, at the open of a day, with prices from the closes.
Nothing is applied, so a million cases leave the gateway as the first found it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.adapters.simulated.venues import SIM_VENUES
from sottovoce.core.basket_events import BasketAccepted, BasketRefused
from sottovoce.core.commands import AmendOrder, NewOrder
from sottovoce.core.enums import OrdType, Side
from sottovoce.core.errors import SottovoceError
from sottovoce.core.events import StageEvent
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import AmendAccepted, CommandRefused, OrderAccepted, OrderRefused
from sottovoce.intake.basket_file import read_basket
from sottovoce.intake.command_json import read_command
from sottovoce.intake.language import parse_ticket
from sottovoce.intake.order_file import read_orders
from sottovoce.intake.ticket import Ticket
from sottovoce.intake.to_basket import to_new_basket
from sottovoce.intake.to_order import to_new_order
from sottovoce.runtime.admission import admitted
from sottovoce.runtime.config import ACCOUNT, SIMULATION_DIRECTORY, TRADER
from sottovoce.runtime.preview import close_as_market
from sottovoce.stages.gateway.gateway import Gateway
from tools.bad_input.cases import Case
from tools.bad_input.plain import OPEN_PARENT

NAMES = ("AAPL US", "MSFT US", "JPM US", "XOM US", "BRK.B US")


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """accepted: what the gateway let pass, as plain data for the oracle; codes: why it did not."""

    accepted: object = None
    codes: tuple[str, ...] = ()


class Doors:
    """Every way in."""

    def __init__(self) -> None:
        reference, self._calendar = load_shipped(), load_calendar()
        session = self._calendar.next_session(reference.as_of)
        self._date, self.now_ns = session.date, session.open_ns + 1_000_000_000
        named = [reference.resolve(name) for name in NAMES]
        states = {each.instrument_id: close_as_market(each, session) for each in named if each is not None}
        self._view = MarketView(self.now_ns, states, 60_000_000_000)
        self._gateway = Gateway(SIMULATION_DIRECTORY, reference, self._calendar, SIM_VENUES)
        self._deciders = self._gateway.deciders()
        self._enter_open_order()
        self._ways: Mapping[str, Callable[[bytes], Verdict]] = {
            "order": self._request,
            "amend": self._request,
            "basket": self._basket,
            "ticket": self._sentence,
            "file_json": lambda raw: self._file(raw, Path("orders.json")),
            "file_toml": lambda raw: self._file(raw, Path("orders.toml")),
        }

    def knock(self, case: Case) -> Verdict:
        """Take a case to its door. Any exception that is not a refusal of ours is a defect, and is not caught."""
        try:
            return self._ways[case.door](case.payload)
        except SottovoceError as error:
            return Verdict(codes=(error.code,))

    def _enter_open_order(self) -> None:
        order = NewOrder(
            principal=TRADER, account=ACCOUNT, cl_ord_id=OPEN_PARENT, symbol="AAPL US",
            side=Side.BUY, order_qty=10_000, ord_type=OrdType.LIMIT, price="160.00",
        )  # fmt: skip
        (accepted,) = self._deciders[NewOrder](order, self._view)
        assert isinstance(accepted, OrderAccepted), accepted
        self._gateway.appliers()[OrderAccepted](accepted)

    def _request(self, raw: bytes) -> Verdict:
        command = admitted(read_command(raw))
        decide = self._deciders.get(type(command))
        if decide is None or not isinstance(command, NewOrder | AmendOrder):
            return Verdict(codes=("another_request",))
        return _verdict(decide(command, self._view), command)

    def _basket(self, raw: bytes) -> Verdict:
        read = read_basket(raw, "list.csv")
        if read.faults:
            return Verdict(codes=tuple(fault.code for fault in read.faults))
        basket = to_new_basket(read, principal=TRADER, account=ACCOUNT, declared_notional=None)
        return _verdict(self._deciders[type(basket)](admitted(basket), self._view), basket)

    def _sentence(self, raw: bytes) -> Verdict:
        ticket = parse_ticket(raw.decode("utf-8", "surrogateescape"))
        if ticket.status != "complete":
            return Verdict(codes=(f"ticket_{ticket.status}", *ticket.issues))
        return self._ticket(ticket)

    def _file(self, raw: bytes, path: Path) -> Verdict:
        for ticket in read_orders(raw, path):
            verdict = self._ticket(ticket)
            if verdict.codes:
                return verdict
        return verdict

    def _ticket(self, ticket: Ticket) -> Verdict:
        order = to_new_order(
            ticket, principal=TRADER, account=ACCOUNT, cl_ord_id="c-1", now_ns=self.now_ns,
            wall_clock=lambda clock: self._calendar.wall_ns(self._date, clock),
        )  # fmt: skip
        return _verdict(self._deciders[NewOrder](admitted(order), self._view), order)


def _verdict(events: Any, command: msgspec.Struct) -> Verdict:
    first: StageEvent = events[0]
    if isinstance(first, OrderAccepted | AmendAccepted | BasketAccepted):
        return Verdict(accepted=msgspec.to_builtins(command))
    assert isinstance(first, OrderRefused | CommandRefused | BasketRefused), type(first).__name__
    failures = list(first.failures)
    if isinstance(first, BasketRefused):
        failures += [failed for fault in first.faults for failed in fault.failures]
    assert failures, "a refusal without a reason"
    return Verdict(codes=tuple(failed.code for failed in failures))
