"""The package keeps its layers, and the rules that say so are tested on planted violations.

A rule that finds nothing in the package proves nothing unless it finds what was put there to be found, so
each has a table of small modules it must object to and of near misses it must let pass.
"""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from sottovoce.core.command import Command
from sottovoce.core.event import Event
from sottovoce.core.events import StageEvent
from tests.house import layering, purity
from tests.house.modules import PACKAGE, Module, package_modules, plant

RULES: dict[str, Callable[[Module], list[str]]] = {
    "layers": layering.layer_violations,
    "siblings": layering.sibling_violations,
    "third_party": layering.third_party_violations,
    "depth": layering.depth_violations,
    "clock": purity.clock_violations,
    "world": purity.world_violations,
    "dice": purity.dice_violations,
    "set_order": purity.set_order_violations,
    "proofs": purity.proof_violations,
}


@pytest.mark.parametrize("rule", RULES)
def test_package_keeps_the_rule(rule: str) -> None:
    found = [sentence for module in package_modules() for sentence in RULES[rule](module)]
    assert not found, "\n".join(found)


def test_package_has_no_import_cycle() -> None:
    assert layering.cycle_violations(package_modules()) == []


def test_every_layer_is_there_and_has_code() -> None:
    with_code = {module.parts[1] for module in package_modules() if len(module.parts) > 2}
    assert with_code == set(layering.RANK)


LOOSE_CORE = {
    "Halts": "halts in force, state that stages write in apply",
    "Ledger": "running quantities, state that stages write in apply",
    "LimitRows": "every version of every limit, state that stages write in apply",
    "Reason": "a row of a table that is written in columns",
}


def test_core_values_are_frozen_and_keyword_only() -> None:
    """kw_only is not inherited by msgspec: each class says so itself, or its new fields become positional."""
    values = [value for value in _descendants(msgspec.Struct) if value.__module__.startswith(f"{PACKAGE}.core.")]
    assert Event in values
    loose = [
        value.__qualname__
        for value in values
        if value.__qualname__ not in LOOSE_CORE
        and (
            not value.__struct_config__.frozen
            or {parameter.kind for parameter in inspect.signature(value).parameters.values()}
            - {inspect.Parameter.KEYWORD_ONLY}
        )
    ]
    assert not loose, f"not frozen=True, kw_only=True: {', '.join(loose)}"


def test_core_messages_have_tags_of_their_own() -> None:
    tags = [value.__struct_config__.tag for base in (Event, Command) for value in _descendants(base)]
    assert None not in tags
    assert len(set(tags)) == len(tags)


def test_every_proof_is_an_event() -> None:
    known = {each.__name__ for each in get_args(StageEvent)}
    assert set(purity.PROOFS) <= known


# (rule, module, source, what the sentence must say)
PLANTED = [
    ("layers", "core.ids", "from sottovoce.models import book", "up"),
    ("layers", "core.ids", "import sottovoce.apps.cli", "up"),
    ("layers", "models.book", "def f():\n    from sottovoce.stages.risk import checks", "up"),
    ("layers", "stages.risk.checks", "from sottovoce.adapters.journal import sqlite", "sideways"),
    ("layers", "analytics.tca", "from sottovoce import intake", "sideways"),
    ("layers", "runtime.system", "from sottovoce.apps import cli", "up"),
    ("layers", "stages.risk.checks", "from . import limits", "relative"),
    ("layers", "helpers.text", "x = 1", "not one of the layers"),
    ("siblings", "stages.risk.checks", "from sottovoce.stages.gateway import reference", "sibling"),
    ("siblings", "adapters.simulated.venue", "import sottovoce.adapters.journal", "sibling"),
    ("siblings", "adapters.clock", "from sottovoce.adapters import journal", "sibling"),
    ("third_party", "core.ids", "import numpy as np", "not for this layer"),
    ("third_party", "models.fit", "from scipy import optimize", "only inside"),
    ("third_party", "stages.algos.vwap", "def f():\n    import scipy", "not for this layer"),
    ("third_party", "analytics.charts", "import altair", "only inside"),
    ("third_party", "core.ids", "import tests.conftest", "not for this layer"),
    ("depth", "stages.risk.checks.price", "x = 1", "deeper"),
    ("clock", "core.ids", "import time", "reads a clock"),
    ("clock", "stages.algos.twap", "from time import monotonic as m", "reads a clock"),
    ("clock", "models.volume", "from datetime import datetime\nx = datetime.now()", "datetime.datetime.now"),
    ("clock", "analytics.tca", "import datetime as dt\nx = dt.date.today()", "datetime.date.today"),
    ("clock", "adapters.simulated.flow", "import time\nx = time.perf_counter_ns()", "perf_counter_ns"),
    ("world", "core.ids", "x = open('f').read()", "open touches"),
    ("world", "models.book", "def f(x):\n    print(x)", "print touches"),
    ("world", "stages.routing.score", "import logging", "logging touches"),
    ("world", "stages.routing.score", "from pathlib import Path", "pathlib.Path touches"),
    ("world", "models.book", "import numpy as np\nx = np.loadtxt('f')", "numpy.loadtxt touches"),
    ("world", "core.ids", "key = hash('AAPL')", "hash differs"),
    ("dice", "models.book", "import random\nx = random.random()", "not seeded"),
    ("dice", "models.book", "from random import Random\nx = Random()", "not seeded"),
    ("dice", "adapters.simulated.flow", "import numpy as np\nx = np.random.normal()", "not seeded"),
    ("dice", "adapters.simulated.flow", "import numpy as np\nx = np.random.default_rng()", "not seeded"),
    ("dice", "runtime.system", "from numpy.random import default_rng\nx = default_rng(None)", "not seeded"),
    ("dice", "apps.cli", "from uuid import uuid4\nx = uuid4()", "uuid4 is not seeded"),
    ("dice", "apps.cli", "import os\nx = os.urandom(8)", "urandom is not seeded"),
    ("set_order", "stages.routing.score", "for v in {'A', 'B'}:\n    pass", "sort it first"),
    ("set_order", "models.book", "x = [v for v in set((1, 2))]", "sort it first"),
    (
        "proofs",
        "stages.algos.vwap",
        "from sottovoce.core.events import ChildApproved\nx = ChildApproved()",
        "only stages/risk",
    ),
    (
        "proofs",
        "runtime.system",
        "from sottovoce.core import events as e\nx = e.OrderApproved()",
        "only stages/approval",
    ),
]

# (rule, module, source): close to a violation, and allowed
ALLOWED = [
    ("layers", "stages.risk.checks", "from sottovoce.core.units import price\nimport sottovoce.models.book"),
    ("layers", "apps.cli", "from sottovoce import __version__\nfrom sottovoce.runtime import system"),
    ("siblings", "stages.risk.checks", "from sottovoce.stages.risk import limits"),
    ("siblings", "analytics.report", "from sottovoce.analytics import tca"),
    ("third_party", "models.fit", "def f():\n    from scipy import optimize"),
    ("third_party", "analytics.charts", "if TYPE_CHECKING:\n    import altair"),
    ("depth", "stages.risk.checks", "x = 1"),
    ("clock", "core.units", "from datetime import datetime, UTC\nx = datetime.fromtimestamp(0, UTC)"),
    ("clock", "adapters.clock", "import time"),
    ("clock", "stages.algos.twap", "def f(now_ns, time):\n    return time.now + now_ns"),
    ("world", "adapters.journal.sqlite", "import sqlite3\nx = open('f')"),
    ("world", "core.ids", "def f(id):\n    return id"),
    ("dice", "adapters.simulated.flow", "import numpy as np\nx = np.random.default_rng(7)"),
    ("dice", "stages.algos.jitter", "import random\ndef f(seed):\n    return random.Random(seed)"),
    ("dice", "models.book", "import numpy as np\ndef f(rng: np.random.Generator):\n    return rng.random()"),
    ("set_order", "stages.routing.score", "for v in sorted({'A', 'B'}):\n    pass"),
    ("proofs", "stages.risk.stage", "from sottovoce.core.events import ChildApproved\nx = ChildApproved()"),
    (
        "proofs",
        "stages.algos.vwap",
        "from sottovoce.core.events import ChildApproved\ny = isinstance(x, ChildApproved)",
    ),
]


@pytest.mark.parametrize(("rule", "module", "source", "says"), PLANTED)
def test_planted_violation_is_found(rule: str, module: str, source: str, says: str) -> None:
    found = RULES[rule](plant(f"{PACKAGE}.{module}", source))
    assert len(found) >= 1
    assert any(says in sentence for sentence in found)


@pytest.mark.parametrize(("rule", "module", "source"), ALLOWED)
def test_near_miss_is_allowed(rule: str, module: str, source: str) -> None:
    assert RULES[rule](plant(f"{PACKAGE}.{module}", source)) == []


def _descendants(value: type[msgspec.Struct]) -> list[type[msgspec.Struct]]:
    return [found for below in value.__subclasses__() for found in (below, *_descendants(below))]


def test_planted_cycle_is_found_even_when_lazy() -> None:
    first = plant("sottovoce.core.a", "from sottovoce.core.b import x")
    second = plant("sottovoce.core.b", "def f():\n    import sottovoce.core.a")
    found = layering.cycle_violations([first, second])
    assert len(found) == 1
    assert "sottovoce.core.a" in found[0]
    assert "sottovoce.core.b" in found[0]


def test_command_line_starts_without_the_heavy_libraries() -> None:
    heavy = ("scipy", "pandas", "polars", "altair", "vl_convert", "exchange_calendars", "numba", "jinja2")
    program = f"import sys, sottovoce.apps.cli\nprint(*(name for name in {heavy!r} if name in sys.modules), sep='')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")


def _sends(source: str) -> list[int]:
    """Lines that call something's send()."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return [call.lineno for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "send"]


def test_only_the_door_sends_to_a_market() -> None:
    """Law L2: one door to each venue. The markets themselves stand behind it, in adapters."""
    package = Path(__file__).parents[1] / PACKAGE
    senders = {
        str(path.relative_to(package))
        for path in sorted(package.rglob("*.py"))
        if path.relative_to(package).parts[0] != "adapters" and _sends(path.read_text(encoding="utf-8"))
    }
    assert senders == {"runtime/door.py"}
    assert _sends("market.send(message, 1)") == [1]
