"""AT-13, F-31: one old router among eight, at the start, later, and through a partial roll-back."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.errors import ConfigError
from sottovoce.runtime.config import Config
from sottovoce.runtime.uniformity import Build, Group, build_of, source_digest

NEW = Build(version="2", source="b" * 64, config="c" * 64)
OLD = Build(version="1", source="a" * 64, config="c" * 64)
ROUTERS = tuple(f"router-{number}" for number in range(1, 9))


def group_with(odd: Build = NEW) -> Group:
    """Eight routers, the last of which reports another build."""
    group = Group(NEW, ROUTERS)
    for name in ROUTERS:
        group.report(name, odd if name == ROUTERS[-1] else NEW)
    return group


def test_eight_alike_start() -> None:
    group = group_with()
    assert not group.may_trade("router-1")
    group.start()
    assert all(group.may_trade(name) for name in ROUTERS)


@pytest.mark.parametrize("odd", [OLD, msgspec.structs.replace(NEW, config="d" * 64)])
def test_one_old_router_or_one_old_setting_keeps_all_shut(odd: Build) -> None:
    group = group_with(odd)
    with pytest.raises(ConfigError, match=r"router-8 runs .*approved is 2") as refused:
        group.start()
    assert refused.value.code == "mixed_builds"
    assert not any(group.may_trade(name) for name in ROUTERS)


def test_one_that_has_not_reported_keeps_all_shut() -> None:
    group = Group(NEW, ROUTERS)
    for name in ROUTERS[:7]:
        group.report(name, NEW)
    with pytest.raises(ConfigError, match="router-8 has not reported"):
        group.start()


def test_a_stranger_keeps_all_shut() -> None:
    group = group_with()
    assert group.report("router-9", NEW) == ["router-9 is not a member of this group"]
    with pytest.raises(ConfigError):
        group.start()


def test_one_that_comes_back_old_latches_the_group() -> None:
    group = group_with()
    group.start()
    assert group.report("router-3", OLD)
    assert not any(group.may_trade(name) for name in ROUTERS)
    group.report("router-3", NEW)
    assert not group.may_trade("router-1")
    group.reopen()
    assert group.may_trade("router-1")


def test_a_partial_roll_back_cannot_be_opened() -> None:
    """August 2012: seven of eight were taken back to the old code, which made it worse."""
    group = group_with()
    group.start()
    for name in ROUTERS[:7]:
        group.report(name, OLD)
    with pytest.raises(ConfigError, match="stays shut"):
        group.reopen()
    assert not any(group.may_trade(name) for name in ROUTERS)


def test_a_build_is_what_would_run() -> None:
    one, again = build_of(Config()), build_of(Config())
    assert one == again
    assert one.source == source_digest()
    assert build_of(Config(max_quote_age_s=59.0)).config != one.config


def test_a_group_of_nobody_is_refused() -> None:
    with pytest.raises(ConfigError):
        Group(NEW, ())
