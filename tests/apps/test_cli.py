"""The command line as a whole: what it loads, how it fails, and that whatever is typed gives a sentence."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.apps import cli
from sottovoce.core.errors import InvariantError, JournalError, SottovoceError
from tests.apps.commanding import VWAP, ask

HEAVY = ("numpy", "altair", "polars", "jinja2", "scipy", "vl_convert", "exchange_calendars", "sqlite3")
COMMANDS = ("plan", "impact", "schedule", "run", "tca", "replay", "journal", "instruments", "stats", "market")
EXIT_CODES = {0, 1, 2, 3, 4, 5, 6, 7}


def sottovoce(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The installed command in a process of its own."""
    command = [sys.executable, "-m", "sottovoce.apps.cli", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False, env=os.environ | environment
    )


def test_help_names_every_command() -> None:
    answer = ask("--help")
    assert (answer.code, answer.err) == (0, "")
    assert all(f"│ {command} " in answer.out or f" {command} " in answer.out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    answer = ask(command, "--help")
    assert answer.code == 0
    assert "Usage: sottovoce" in answer.out


def test_help_waits_for_no_heavy_library() -> None:
    script = (
        "import sys; from sottovoce.apps.cli import run_command_line; run_command_line(['--help']);"
        f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert "LOADED []" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("instruments", "AAPL", "--json"), 0),
        (("impact", "sqrt", "--size", "0.01", "--sigma-daily", "0.02", "--json"), 0),
        (("plan", "30k MSFT VWAP", "--json"), 2),
        (("replay", "no-such-journal.db", "--json"), 4),
        (("run", VWAP, "--market", "moon", "--json"), 2),
    ],
)
def test_process_prints_one_object_and_exits_with_the_code(arguments: tuple[str, ...], code: int) -> None:
    done = sottovoce(*arguments)
    assert done.returncode == code
    assert isinstance(msgspec.json.decode(done.stdout), dict)
    assert "Traceback" not in done.stderr
    assert bool(done.stderr) == bool(code)


def test_terminal_without_unicode_still_gets_its_answer() -> None:
    done = sottovoce("plan", VWAP, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "MSFT US" in done.stdout


def test_reader_that_stops_early_is_no_error() -> None:
    """`sottovoce instruments | head -1`."""
    command = [sys.executable, "-m", "sottovoce.apps.cli", "instruments", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        error = process.stderr.read()
    assert b"Traceback" not in error
    assert b"Exception" not in error


@pytest.mark.parametrize("argument", ["a\0b", "\udcff"])
@pytest.mark.parametrize("command", [("plan",), ("run",), ("tca",), ("journal", "verify"), ("instruments",)])
def test_argument_that_is_no_text_is_refused(command: tuple[str, ...], argument: str) -> None:
    answer = ask(*command, argument, "--json")
    assert (answer.code, answer.refused()) == (2, "usage")


@pytest.mark.parametrize("arguments", [("bogus",), ("--bogus",), ("plan",), ("impact", "bogus"), ("plan", "a", "b")])
def test_usage_is_explained_with_exit_2(arguments: tuple[str, ...]) -> None:
    answer = ask(*arguments, "--json")
    assert (answer.code, answer.refused()) == (2, "usage")
    assert "sottovoce --help" in answer.err


@pytest.mark.parametrize("flag", ["--json", "--json=true"])
def test_refusal_is_one_object_however_json_is_asked_for(flag: str) -> None:
    answer = ask("instruments", "NOSUCH", flag)
    assert (answer.code, answer.refused()) == (4, "unknown_symbol")


def failing_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise error

    monkeypatch.setattr(cli, "app", fail)


@pytest.mark.parametrize(
    ("error", "code", "named"),
    [
        (ValueError("odd"), 7, "defect"),
        (InvariantError("the ledger does not add up", code="ledger"), 7, "ledger"),
        (JournalError("the disk is full", code="journal_write"), 1, "journal_write"),
        (OSError(28, "No space left on device"), 6, "file_system"),
        (SottovoceError("something is amiss"), 2, "error"),
        (RecursionError("too deep"), 7, "defect"),
    ],
)
def test_failure_inside_is_a_sentence_with_its_exit_code(
    error: Exception, code: int, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_with(error, monkeypatch)
    answer = ask("plan", VWAP, "--json")
    assert (answer.code, answer.refused()) == (code, named)


def test_defect_shows_where_when_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    failing_with(ValueError("odd"), monkeypatch)
    monkeypatch.setenv(cli.DEBUG_VARIABLE, "1")
    with pytest.raises(ValueError, match="odd"):
        ask("plan", VWAP)


def test_interruption_says_that_the_record_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    failing_with(KeyboardInterrupt(), monkeypatch)
    answer = ask("run", VWAP)
    assert answer.code == 130
    assert "stays" in answer.err


def test_main_exits_with_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with pytest.raises(SystemExit) as ended:
        cli.main(["instruments", "NOSUCH"])
    assert ended.value.code == 4


# whatever is typed -----------------------------------------------------------------------------------------

FIGURES = st.sampled_from(["0", "-1", "0.1", "1e-300", "1e300", "nan", "-inf", "656100", "x", "", "1_000", "0x10", "½"])
WORDS = st.sampled_from("AAPL BRK/B nothing.db nothing.json -- - help \n é true a=b @x".split(" "))
TYPED = st.one_of(FIGURES, WORDS, st.text(max_size=6))
OPTIONS = st.sampled_from(
    "--json --adv --shares-outstanding --sigma-daily --quantity --duration --size --sigma-annual --pov --prefactor "
    "--exponent --horizon --sigma-price --gamma --eta --epsilon --risk-aversion --drift --nope --help -h "
    "--at --levels --speed --plot --no-json --json=true --json=maybe --version".split()
)
PERIODS = st.tuples(st.just("--periods"), st.sampled_from(["0", "1", "5", "-3", "1.5", "x", "99999999"]))
CHEAP = st.sampled_from(
    [
        *(("impact", "almgren2005"), ("impact", "istar"), ("impact", "sqrt"), ("schedule", "almgren-chriss")),
        *(("journal", "verify"), ("replay",), ("stats",), ("tca",), ("instruments",)),
        *(("market", "describe"), ("market", "replay"), ("market", "book")),
        *(("impact",), ("schedule",), ("journal",), ("market",), ()),
    ]
)
PAIRS = st.tuples(OPTIONS, FIGURES)
TAIL = st.lists(st.one_of(PAIRS, PERIODS, TYPED.map(lambda one: (one,)), OPTIONS.map(lambda one: (one,))), max_size=9)


@settings(max_examples=2_500)
@given(command=CHEAP, tail=TAIL)
def test_whatever_is_typed_gives_a_sentence_and_no_traceback(
    command: tuple[str, ...], tail: list[tuple[str, ...]]
) -> None:
    """Seeded argument lists over every cheap command: no defect, an exit code of the table, one object or none."""
    arguments = [*command, *(part for parts in tail for part in parts)]
    answer = ask(*arguments)
    assert answer.code in EXIT_CODES - {3, 5, 7}, (arguments, answer.err)
    assert "Traceback" not in answer.err
    if answer.code:
        assert answer.err.startswith("sottovoce: "), arguments
    asked = any(one in ("--json", "--json=true") for one in arguments)
    shown = any(one in ("--help", "-h", "--version") for one in arguments) or not command[1:]
    if asked and answer.out and not (shown and answer.code == 0):
        assert isinstance(msgspec.json.decode(answer.out), dict), arguments


LETTERS = st.sampled_from(list("VWAPtwpov 0123456789%.,:/over days until close limit$é\n"))


@settings(max_examples=150)
@given(
    side=st.sampled_from(["Buy", "Sell", "short", "", "buy sell"]),
    size=st.sampled_from(["30k", "$1M", "10%", "0", "-5", "1e9", "½", "all", "999999999999999999999", ""]),
    symbol=st.sampled_from(["MSFT", "AAPL US", "BRK/B", "VOD LN", "ZZZ", "", "a;b"]),
    rest=st.text(alphabet=LETTERS, max_size=30),
)
def test_whatever_is_ordered_is_planned_asked_about_or_refused(side: str, size: str, symbol: str, rest: str) -> None:
    """Never a defect, and always one object."""
    answer = ask("plan", f"{side} {size} {symbol} {rest}", "--json")
    assert answer.code in {0, 2, 3, 4}, (side, size, symbol, rest, answer.err)
    assert answer.json()
    assert (answer.code == 0) == (answer.err == "")


def test_every_example_file_is_read() -> None:
    """What the documentation points to must not be bad input; a name the master lacks is not found."""
    examples = Path(__file__).resolve().parents[2] / "examples"
    for name in ("order.json", "order.toml"):
        answer = ask("run", str(examples / name), "--json", "--market", "moon")
        assert answer.code in (2, 4)
        assert answer.refused() in ("no_market", "unknown_symbol", "not_supported"), name
