"""All patterns over a stored day, and the same patterns while the day runs.

Live, the flow of the last minutes is looked through again every few seconds of market time by the very functions that
read a stored day; an alert is said once. What spans a whole day (episodes of layering, the close) is found again, and
finally, when the day is read as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from sottovoce.analytics.surveillance.ahead import front_running, probing
from sottovoce.analytics.surveillance.alerts import SECOND, ConductAlert, ConductConfig, Prices
from sottovoce.analytics.surveillance.closing import marking_the_close
from sottovoce.analytics.surveillance.ignition import momentum_ignition
from sottovoce.analytics.surveillance.layering import layering
from sottovoce.analytics.surveillance.own_flow import Flow, FlowReader
from sottovoce.analytics.surveillance.stuffing import quote_stuffing
from sottovoce.analytics.surveillance.wash import wash_trades
from sottovoce.core.ports import Session, Step

MEMORY_NS = 15 * 60 * SECOND
LOOK_NS = SECOND

Say = Callable[[ConductAlert], None]


def alerts_of(
    flow: Flow,
    config: ConductConfig,
    prices: Prices | None,
    sessions: Sequence[Session] = (),
    house: Collection[str] = (),
) -> list[ConductAlert]:
    """Every alert of a flow, in order of its end. Without prices PO-08 and PO-09 say nothing."""
    found = [
        *layering(flow, config),
        *wash_trades(flow, config),
        *quote_stuffing(flow, config),
        *probing(flow, config),
        *front_running(flow, config, house),
    ]
    if prices is not None:
        found += momentum_ignition(flow, config, prices)
        found += marking_the_close(flow, config, prices, sessions)
    return sorted(found, key=lambda alert: (alert.end_ns, alert.code, alert.orders))


class ConductWatch:
    """Watches a desk's steps; say is called once for each alert, within LOOK_NS of market time."""

    def __init__(
        self,
        config: ConductConfig,
        say: Say,
        prices: Prices | None = None,
        owners: Mapping[str, str] | None = None,
        house: Collection[str] = (),
    ) -> None:
        self._config = config
        self._say = say
        self._prices = prices
        self._house = house
        self._reader = FlowReader(owners)
        self._said: dict[tuple[str, str, str, tuple[str, ...]], int] = {}
        self._next_ns = 0

    def step(self, ts_ns: int, step: Step) -> None:
        """Take in a step that is on disk."""
        self._reader.read(step)
        if ts_ns >= self._next_ns:
            self._next_ns = ts_ns + LOOK_NS
            self._look(ts_ns)

    def _look(self, ts_ns: int) -> None:
        self._reader.forget(ts_ns - MEMORY_NS)
        for alert in alerts_of(self._reader.flow, self._config, self._prices, (), self._house):
            key = (alert.code, alert.owner, alert.instrument_id, alert.orders[:1])
            if key not in self._said:
                self._said[key] = ts_ns
                self._say(alert)
        self._said = {key: at_ns for key, at_ns in self._said.items() if ts_ns - at_ns <= 2 * MEMORY_NS}
