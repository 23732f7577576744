"""The client: sends orders, remembers every acknowledgement, and asks again with the same id when it got none."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable
from typing import Any

import msgspec

from sottovoce.core.commands import CancelOrder, ClientCommand
from sottovoce.core.ids import parent_id
from sottovoce.runtime.config import ACCOUNT, TRADER
from tools.chaos_run.setting import Setting, order

ANSWER_S = 20.0
"""An answer that takes longer is a failure of its own."""


class Lost(Exception):
    """The desk is not there (any more)."""


class Client:
    """acknowledged: parent id → the events it was answered with; asked: commands without an answer yet."""

    def __init__(self, setting: Setting, port: int, epoch_ns: int, dice: random.Random) -> None:
        self._setting = setting
        self._port = port
        self._epoch_ns = epoch_ns
        self._dice = dice
        self._line: socket.socket | None = None
        self._number = 0
        self._bid = setting.bid
        self._unanswered: dict[str, ClientCommand] = {}
        self.acknowledged: dict[str, list[str]] = {}
        self.refused: dict[str, int] = {}
        self.retried = 0

    def connect(self, until: float, gone: Callable[[], bool]) -> dict[str, Any]:
        """Wait for a desk that accepts; returns its account of itself. Raises Lost when it is gone, or time is up."""
        while time.monotonic() < until:
            try:
                self._line = socket.create_connection(("127.0.0.1", self._port), timeout=ANSWER_S)
                return self._accepting(until)
            except (OSError, Lost):
                self.hang_up()
                if gone():
                    raise Lost from None
                time.sleep(0.01)
        raise Lost

    def _accepting(self, until: float) -> dict[str, Any]:
        while time.monotonic() < until:
            account = self.ask(b"how")
            if not account["strain"]:
                return account
            time.sleep(0.005)
        raise Lost

    def trade(self, until: float) -> None:
        """First what was never answered, then new orders and cancels, until the time or the desk is over."""
        try:
            for command in list(self._unanswered.values()):
                self.retried += 1
                self._submit(command)
            while time.monotonic() < until:
                self._submit(self._next())
                time.sleep(self._dice.uniform(0.0, 0.03))
        except Lost:
            self.hang_up()

    def cancel_all(self) -> None:
        """Ask for the end of every order that was acknowledged."""
        for parent in list(self.acknowledged):
            self._submit(CancelOrder(principal=TRADER, parent_id=parent))

    def ask(self, line: bytes) -> dict[str, Any]:
        """One request, one answer. Raises Lost."""
        if self._line is None:
            raise Lost
        try:
            self._line.sendall(line + b"\n")
            answer = b""
            while not answer.endswith(b"\n"):
                data = self._line.recv(1 << 16)
                if not data:
                    raise Lost
                answer += data
        except OSError as error:
            raise Lost from error
        said: dict[str, Any] = msgspec.json.decode(answer)
        return said

    def hang_up(self) -> None:
        """Release the line."""
        if self._line is not None:
            self._line.close()
        self._line = None

    def _next(self) -> ClientCommand:
        if self.acknowledged and self._dice.random() < 0.15:
            parent = self._dice.choice(list(self.acknowledged)[-20:])
            return CancelOrder(principal=TRADER, parent_id=parent)
        self._number += 1
        return order(self._number, self._setting.desk_ns(self._epoch_ns), self._bid)

    def _submit(self, command: ClientCommand) -> None:
        name = _name(command)
        self._unanswered[name] = command
        said = self.ask(msgspec.json.encode(command))
        if "refused" in said:
            self.refused[said["refused"]] = self.refused.get(said["refused"], 0) + 1
            return  # nothing was recorded: it is asked again in the desk's next life
        del self._unanswered[name]
        if not isinstance(command, CancelOrder):
            self.acknowledged[name] = said["events"]


def _name(command: ClientCommand) -> str:
    if isinstance(command, CancelOrder):
        return f"cancel {command.parent_id}"
    return parent_id(ACCOUNT, getattr(command, "cl_ord_id", ""))
