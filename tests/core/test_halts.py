"""What a halt stops: its own scope and nothing else, until its own owner lifts it."""

from __future__ import annotations

from itertools import product

import msgspec
import pytest

from sottovoce.core.halts import FIRM_SCOPE, HaltKind, HaltPath, Halts, HaltScope, Standing, covers, stops
from tests.stages.algos.worked import worked

PATH = HaltPath(desk="cash", trader="trader-1", account="FUND-A", algo="VWAP", instrument_id="ACME.US", parent_id="P-1")
OTHER = HaltPath(
    desk="index", trader="trader-2", account="FUND-B", algo="TWAP", instrument_id="BETA.US", parent_id="P-2"
)
NAMES = dict(zip(list(HaltKind)[1:], PATH, strict=True))
SCOPES = [FIRM_SCOPE, *(HaltScope(kind=kind, name=name) for kind, name in NAMES.items())]


def standing(scope: HaltScope, conduct: bool = False, reason: str = "a test") -> Standing:
    return Standing(scope=scope, reason=reason, principal="risk-1", ts_ns=7, conduct=conduct)


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_halt_stops_its_own_and_nothing_else(scope: HaltScope) -> None:
    halts = Halts()
    halts.set(standing(scope))
    assert halts.matching(PATH) == standing(scope)
    assert (halts.matching(OTHER) is None) is (scope != FIRM_SCOPE)
    assert covers(scope, PATH)
    assert covers(scope, OTHER) is (scope == FIRM_SCOPE)


@pytest.mark.parametrize("scope", [*SCOPES, *(HaltScope(kind=kind, name="") for kind in NAMES)], ids=str)
def test_asking_of_an_order_and_of_its_path_is_the_same(scope: HaltScope) -> None:
    for path in (PATH, OTHER, HaltPath()):
        order = msgspec.structs.replace(
            worked().order, desk=path.desk, principal=path.trader, account=path.account,
            instrument_id=path.instrument_id, parent_id=path.parent_id,
        )  # fmt: skip
        assert stops(scope, order, path.algo) is covers(scope, path)


@pytest.mark.parametrize("scope", SCOPES[1:], ids=str)
def test_what_is_not_known_of_an_order_is_not_matched(scope: HaltScope) -> None:
    halts = Halts()
    halts.set(standing(msgspec.structs.replace(scope, name="")))
    assert halts.matching(HaltPath()) is None
    assert not covers(msgspec.structs.replace(scope, name=""), HaltPath())


def test_every_halt_on_the_path_is_named_widest_first() -> None:
    halts = Halts()
    for scope in reversed(SCOPES):
        halts.set(standing(scope))
    assert [halt.scope for halt in halts.each(PATH)] == SCOPES
    assert halts.matching(PATH) == standing(FIRM_SCOPE)


@pytest.mark.parametrize(("set_as", "lift_as"), list(product([False, True], repeat=2)))
def test_only_its_owner_lifts_it(set_as: bool, lift_as: bool) -> None:
    halts = Halts()
    halts.set(standing(FIRM_SCOPE, set_as))
    halts.lift(FIRM_SCOPE, lift_as)
    assert (halts.matching(PATH) is None) is (set_as is lift_as)


def test_lifting_one_of_two_leaves_the_other() -> None:
    halts = Halts()
    halts.set(standing(FIRM_SCOPE))
    halts.set(standing(FIRM_SCOPE, conduct=True, reason="conduct"))
    halts.lift(FIRM_SCOPE)
    assert [halt.reason for halt in halts] == ["conduct"]
    halts.lift(FIRM_SCOPE, conduct=True)
    assert not halts
    assert halts == Halts(), "nothing is left behind that would make equal states differ"


def test_lifting_what_does_not_stand_does_nothing() -> None:
    halts = Halts()
    halts.lift(FIRM_SCOPE)
    assert halts == Halts()


def test_halts_come_back_from_their_bytes() -> None:
    halts = Halts()
    for scope in SCOPES:
        halts.set(standing(scope))
    again = msgspec.json.decode(msgspec.json.encode(halts), type=Halts)
    assert again == halts
    assert list(again) == list(halts)
