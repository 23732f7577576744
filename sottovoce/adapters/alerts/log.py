"""Alerts as lines of JSON at the end of a file."""

from __future__ import annotations

from pathlib import Path

import msgspec

from sottovoce.adapters.alerts.delivery import Delivery
from sottovoce.core.alerts import Alert
from sottovoce.core.errors import ConfigError, ConnectivityError


def log_port(path: Path) -> Delivery:
    """A port that appends each alert to a file as one line of JSON. Raises ConfigError where the file cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("ab").close()
    except OSError as error:
        raise ConfigError(f"cannot write alerts to {path}: {error.strerror}", code="alerts_unwritable") from error

    def deliver(alert: Alert) -> None:
        try:
            with path.open("ab") as file:
                file.write(msgspec.json.encode(alert) + b"\n")
        except OSError as error:
            raise ConnectivityError(f"cannot write {path}: {error.strerror}", code="alert_undelivered") from error

    return Delivery(deliver, "log")
