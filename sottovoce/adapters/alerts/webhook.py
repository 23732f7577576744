"""Alerts by HTTP POST to a program on this machine, and to nothing else (API7).

The address must be a loopback one, written as such: names are not resolved, so none can be made to point elsewhere.
Redirects are not followed, the answer's body is not read, and a slow receiver costs a timeout, never the engine.
"""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

import msgspec

from sottovoce.adapters.alerts.delivery import Delivery
from sottovoce.core.alerts import Alert
from sottovoce.core.errors import ConfigError, ConnectivityError

TIMEOUT_S = 1.0
LOCALHOST = "localhost"


def webhook_port(url: str, timeout_s: float = TIMEOUT_S) -> Delivery:
    """A port that posts each alert as JSON. Raises ConfigError for any address that is not loopback over http."""
    host, port, target = loopback(url)

    def deliver(alert: Alert) -> None:
        connection = HTTPConnection(host, port, timeout=timeout_s)
        try:
            connection.request("POST", target, msgspec.json.encode(alert), {"Content-Type": "application/json"})
            status = connection.getresponse().status
        except (OSError, HTTPException) as error:
            raise ConnectivityError(f"{url} did not take an alert: {error}", code="alert_undelivered") from error
        finally:
            connection.close()
        if not 200 <= status < 300:
            raise ConnectivityError(f"{url} answered {status}", code="alert_undelivered")

    return Delivery(deliver, "webhook")


def loopback(url: str) -> tuple[str, int, str]:
    """(address, port, path) of a loopback URL. Raises ConfigError, code alert_url, for any other."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 0
    except ValueError as error:
        raise ConfigError(f"{url!r} is no address: {error}", code="alert_url") from error
    address = "127.0.0.1" if host == LOCALHOST else host
    if parts.scheme != "http" or not port or _disguised(parts) or not _is_loopback(address):
        raise ConfigError(
            f"alerts go to http on this machine only, as http://127.0.0.1:PORT/PATH, not to {url!r}", code="alert_url"
        )
    return address, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _disguised(parts: SplitResult) -> bool:
    """Userinfo, backslashes and control characters are ways to make an address read as another."""
    text = parts.netloc + parts.path + parts.query
    return "@" in parts.netloc or any(ord(each) <= 32 or ord(each) > 126 or each == "\\" for each in text)


def _is_loopback(address: str) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return parsed.is_loopback
