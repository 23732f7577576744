"""No order is priced outside the price bands; bands that cannot be true bind nobody and are told of (PT-19)."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.alert_table import alert_of
from sottovoce.core.band_events import BandsDoubted
from sottovoce.core.clearance_events import ChildApproved, ChildRejected
from sottovoce.core.enums import Side
from sottovoce.core.market import MarketState, MarketView
from sottovoce.stages.risk import checks_bands
from tests.scenarios.small_desk import MAX_AGE_NS, MID, market_state
from tests.stages.risk.cases import child, make, order, told
from tests.stages.risk.stage import Alone, only

LOWER, UPPER = MID * 95 // 100, MID * 105 // 100
WRONG = (MID * 2, MID * 3)


def banded(bands: tuple[int, int] | None = (LOWER, UPPER)) -> MarketState:
    return msgspec.structs.replace(market_state(), bands=bands)


@pytest.mark.parametrize("side", [Side.BUY, Side.SELL])
@pytest.mark.parametrize(("px", "found"), [
    (UPPER, []), (UPPER + 1, ["outside_bands"]), (LOWER, []), (LOWER - 1, ["outside_bands"]), (MID, []),
])  # fmt: skip
def test_at_a_band_and_a_unit_beyond(side: Side, px: int, found: list[str]) -> None:
    case = make(of=order(side=side), one=child(limit_px=px, side=side), market=banded())
    assert told(checks_bands.within_bands, case) == found


@pytest.mark.parametrize("bands", [None, WRONG])
def test_without_bands_or_with_such_as_cannot_be_true_nobody_is_bound(bands: tuple[int, int] | None) -> None:
    case = make(one=child(limit_px=UPPER + 1), market=banded(bands))
    assert told(checks_bands.within_bands, case) == []


class Banded(Alone):
    """A desk whose feed gives bands."""

    bands: tuple[int, int] = (LOWER, UPPER)

    def view(self, states: object = None) -> MarketView:
        state = msgspec.structs.replace(market_state(ts_ns=self.now_ns, mid=self.mid), bands=self.bands)
        return MarketView(self.now_ns, {"ACME": state}, MAX_AGE_NS)


def test_child_beyond_a_band_stays_in_and_the_next_at_it_leaves() -> None:
    desk = Banded()
    desk.enter("A", order_qty=300)
    (stopped,) = only(ChildRejected, desk.release("A", 1, 100, UPPER + 1))
    assert "outside_bands" in [failed.code for failed in stopped.failures]
    assert only(ChildApproved, desk.release("A", 2, 100, MID))


def test_doubted_bands_are_told_of_once_a_pair() -> None:
    desk = Banded()
    desk.bands = WRONG
    desk.enter("A", order_qty=300)
    (told_of,) = only(BandsDoubted, desk.release("A", 1, 100))
    alert = alert_of(told_of)
    assert alert is not None
    assert alert.code == "bands_doubted"
    assert only(BandsDoubted, desk.release("A", 2, 100)) == []
    assert desk.replayed().bands_doubted == {"ACME": WRONG}
