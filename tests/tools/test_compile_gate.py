"""The compiled gate says and remembers what the plain one does, for orders that pass and orders that do not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools import compile as compiling

PLAY = """
import hashlib, sys
from pathlib import Path
from tools import compile as compiling
if sys.argv[1]:
    compiling.prefer(Path(sys.argv[1]), compiling.GATE_MODULES)
import msgspec
from benchmarks.gate_desk import GateDesk, child_of, order
from sottovoce.core.enums import Side
from sottovoce.core.clearance_events import OrderCleared
from sottovoce.stages.risk import case
assert case.__file__.startswith(sys.argv[1] or compiling.ROOT.as_posix())
desk, said, rejected = GateDesk(open_orders=100), hashlib.sha256(), 0
for number in range(500, 1_500):
    changes = {"order_qty": 10**9} if number % 7 == 0 else {"side": Side.SELL_SHORT} if number % 11 == 0 else {}
    message = order(number)
    message = msgspec.structs.replace(message, order=msgspec.structs.replace(message.order, **changes))
    events = desk.both(message)
    said.update(msgspec.json.encode(events))
    if type(events[0]) is not OrderCleared:
        rejected += 1
        continue
    created = child_of(events[0].order)
    dear = msgspec.structs.replace(created.child, limit_px=created.child.limit_px + number % 3)
    said.update(msgspec.json.encode(desk.both(msgspec.structs.replace(created, child=dear))))
said.update(msgspec.json.encode(desk.risk.state()))
print(said.hexdigest(), rejected)
"""


def played(folder: str) -> list[str]:
    """The digest of everything that was said and is remembered, and how many orders were rejected."""
    done = subprocess.run(
        [sys.executable, "-c", PLAY, folder], cwd=compiling.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.laws
def test_compiled_and_plain_gate_agree(tmp_path: Path) -> None:
    """A thousand orders and their children, after a build of half a minute."""
    if missing := compiling.lacking():
        pytest.skip(missing)
    compiling.build(tmp_path, compiling.GATE_MODULES)
    assert compiling.is_fresh(tmp_path, compiling.GATE_MODULES)
    plain = played("")
    assert 0 < int(plain[1]) < 1_000
    assert played(str(tmp_path)) == plain
