"""What a person must be told at once: one value for every alert, and the port it leaves through (AT-04).

An alert is read off a durable event by a table (core/alert_table.py), so nothing can be alerted that is not on the
record, and no stage has to think of it. The same code and subject again is one alert with a higher count.
"""

from __future__ import annotations

from typing import Protocol

import msgspec

from sottovoce.core.enums import Word
from sottovoce.core.units import NS_PER_SECOND

TARGET_NS = NS_PER_SECOND
"""What an alert should take from its event to the person's door."""
HARD_NS = 5 * NS_PER_SECOND
"""What it must not take longer than."""


class Severity(Word):
    """How soon somebody has to look. CRITICAL: now, trading is touched; INFO: that something is over."""

    INFO = "info"
    WARNING = "warning"
    HIGH = "high"
    CRITICAL = "critical"


class Audience(Word):
    """Who is told: conduct is compliance's alone and never shown to the desk."""

    DESK = "desk"
    COMPLIANCE = "compliance"


class Alert(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="alert"):
    """One thing to tell: code never changes its meaning, subject is what it is about, text is for people.

    first_ns and last_ns are the times of the first and the latest event behind it, count how many there were.
    """

    code: str
    severity: Severity
    subject: str
    text: str
    first_ns: int
    last_ns: int
    count: int = 1
    audience: Audience = Audience.DESK


class AlertPort(Protocol):
    """Where alerts go. Neither method ever waits for the other side or raises: trading does not depend on a pager."""

    def notify(self, alert: Alert) -> bool:
        """Take an alert for delivery; False when it had to be dropped because too many wait."""
        ...

    def close(self) -> None:
        """Deliver what can be delivered quickly, then stop."""
        ...
