"""Alerts to a program: started for each, without a shell, the alert as JSON on its standard input."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

import msgspec

from sottovoce.adapters.alerts.delivery import Delivery
from sottovoce.core.alerts import Alert
from sottovoce.core.errors import ConfigError, ConnectivityError

TIMEOUT_S = 2.0


def command_port(argv: Sequence[str], timeout_s: float = TIMEOUT_S) -> Delivery:
    """A port that runs a program for each alert. Nothing of an alert ever becomes part of the command line.

    Raises: ConfigError when no program is named.
    """
    if not argv or not argv[0]:
        raise ConfigError("an alert command needs a program to run", code="alert_command")
    words = tuple(argv)

    def deliver(alert: Alert) -> None:
        try:
            done = subprocess.run(
                words,
                input=msgspec.json.encode(alert),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=timeout_s,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ConnectivityError(f"{words[0]} did not take an alert: {error}", code="alert_undelivered") from error
        if done.returncode:
            raise ConnectivityError(f"{words[0]} failed with {done.returncode}", code="alert_undelivered")

    return Delivery(deliver, "command")
