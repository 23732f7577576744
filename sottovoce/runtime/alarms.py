"""From durable events to people: the board of what is wrong now, and the ports that carry it out (AT-04).

A watcher of the desk. It runs after a step is durable and before the next one, so an alert is never ahead of the
record, and hands it to ports that never wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from sottovoce.adapters.alerts.command import command_port
from sottovoce.adapters.alerts.log import log_port
from sottovoce.adapters.alerts.webhook import webhook_port
from sottovoce.core.alert_table import ROWS, SOME, alert_of
from sottovoce.core.alerts import Alert, AlertPort
from sottovoce.core.events import StageEvent
from sottovoce.core.ports import Step
from sottovoce.core.units import NS_PER_MINUTE

BOARD_MAX = 10_000
"""Alerts kept for show; the oldest make room."""
REPEAT_NS = NS_PER_MINUTE
"""The same alert again within this time is counted and not sent again."""

ALERTING = frozenset((*ROWS, *SOME))


class AlertsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where alerts go; nothing set: nowhere but the board. Any of them may be set together.

    log: a file, one line of JSON each. command: a program and its arguments, the alert on its standard input.
    webhook: http on this machine, as http://127.0.0.1:PORT/PATH.
    """

    log: str = ""
    command: tuple[str, ...] = ()
    webhook: str = ""


def alert_ports(config: AlertsConfig) -> list[AlertPort]:
    """The ports a configuration asks for. Raises ConfigError where one cannot be opened."""
    ports: list[AlertPort] = []
    if config.log:
        ports.append(log_port(Path(config.log)))
    if config.command:
        ports.append(command_port(config.command))
    if config.webhook:
        ports.append(webhook_port(config.webhook))
    return ports


class Alarms:
    """Counts alerts by code and subject, and sends each to every port."""

    def __init__(self, ports: Sequence[AlertPort] = ()) -> None:
        self.board: dict[tuple[str, str], Alert] = {}
        self.sent = 0
        self.dropped = 0
        self._ports = tuple(ports)
        self._sent_ns: dict[tuple[str, str], int] = {}

    def __call__(self, ts_ns: int, step: Step) -> None:
        """Hear a durable step."""
        for event in step.events:
            if type(event) in ALERTING:
                self.hear(event)

    def hear(self, event: StageEvent) -> None:
        """Put what an event alerts of on the board, and send it unless it was sent a moment ago."""
        alert = alert_of(event)
        if alert is None:
            return
        key = (alert.code, alert.subject)
        known = self.board.pop(key, None)
        if known is not None:
            alert = msgspec.structs.replace(alert, first_ns=known.first_ns, count=known.count + 1)
        self.board[key] = alert
        if alert.last_ns - self._sent_ns.get(key, -REPEAT_NS) >= REPEAT_NS:
            self._sent_ns[key] = alert.last_ns
            self._send(alert)
        if len(self.board) > BOARD_MAX:
            oldest = next(iter(self.board))
            del self.board[oldest]
            self._sent_ns.pop(oldest, None)

    def _send(self, alert: Alert) -> None:
        self.sent += 1
        for port in self._ports:
            self.dropped += not port.notify(alert)

    def close(self) -> None:
        """Let the ports finish."""
        for port in self._ports:
            port.close()
