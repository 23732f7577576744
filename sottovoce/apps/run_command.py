"""`sottovoce run`: from the sentence to the account, on a simulated or a recorded market."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import cyclopts

from sottovoce.apps.numbers_in import Whole
from sottovoce.apps.output import OK, UNKNOWN, Stopped, emit
from sottovoce.core.errors import ConfigError

if TYPE_CHECKING:
    from sottovoce.apps.run_order import Outcome

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]
TAPE_MINUTES_MAX = 1440
Approve = Annotated[bool, cyclopts.Parameter(negative=())]


def run(
    order: str,
    *,
    declared_notional: Annotated[str | None, cyclopts.Parameter(name="--declared-notional")] = None,
    market: str = "sim",
    date: str | None = None,
    seed: Whole = 7,
    approve: Approve = False,
    out: Path | None = None,
    real_time: Annotated[float | None, cyclopts.Parameter(name="--real-time")] = None,
    config: Path | None = None,
    forecasts: Path | None = None,
    checkpoints: Path | None = None,
    commands: Path | None = None,
    tape_minutes_after: Annotated[float | None, cyclopts.Parameter(name="--tape-minutes-after")] = None,
    as_json: Json = False,
) -> int:
    """Work an order to the end, show how it goes, and account for what it cost.

    Args:
        order: a sentence ("Buy 30k MSFT VWAP"), an order file, or a basket file (CSV).
        declared_notional: what a basket file is meant to be worth, gross, in dollars.
        market: sim, sim:queues, tape:DIR with recorded trades and quotes, or orders:FILE with an order feed.
        date: the first trading day; the day after the reference data's date when not given.
        seed: of the simulated market; the same seed gives the same run.
        approve: a simulated risk officer releases what is held; without it a held order ends with exit 3.
        out: folder for the journal, the tape and the reports; it must not hold a journal yet.
        real_time: run on the real clock, this many times as fast; virtual time when not given.
        config: a configuration file; the simulation desk when not given.
        forecasts: volume, volatility and spread of single sessions, as `sottovoce forecast … --save` writes them.
        checkpoints: sign the record's checkpoints into this file, in another folder than --out; the key is read from
            SOTTOVOCE_AUDIT_KEY or the file SOTTOVOCE_AUDIT_KEY_FILE names.
        commands: what people ask while it runs, a line of JSON each with its time: releases, amendments, halts.
        tape_minutes_after: how long the market runs on after the last order; when not given, 35 on a simulated market
            in virtual time, so that `sottovoce calibrate` finds the price half an hour after, else 5.
        as_json: one JSON object on standard output, progress none.
    """
    from sottovoce.apps.run_order import run_orders
    from sottovoce.apps.run_request import RunRequest

    _check(real_time, seed, checkpoints, out)
    _check_tape(tape_minutes_after)
    request = RunRequest(
        order=order,
        market=market,
        declared_notional=declared_notional,
        date=date,
        seed=seed,
        approve=approve,
        out=out,
        speed=real_time,
        config=config,
        forecasts=forecasts,
        silent=as_json,
        checkpoints=checkpoints,
        commands=commands,
        tape_minutes_after=tape_minutes_after,
    )
    return _told(run_orders(request), as_json)


def _told(outcome: Outcome, as_json: bool) -> int:
    """Print what a run came to; its exit code."""
    body: dict[str, Any] = outcome.document()
    if outcome.stopped:
        raise Stopped(outcome.headline(), outcome.failures(), body)
    emit(body, as_json, outcome.text)
    return UNKNOWN if outcome.unfinished else OK


def _check(real_time: float | None, seed: int, checkpoints: Path | None, out: Path | None) -> None:
    if real_time is not None and not 0 < real_time <= 100_000:
        raise ConfigError("--real-time takes a speed above 0, such as 1 or 600.", code="bad_speed")
    if seed < 0:
        raise ConfigError(f"--seed takes a whole number from 0 up, not {seed}.", code="bad_seed")
    if checkpoints is not None and out is None:
        raise ConfigError("--checkpoints signs the record in --out; give a folder.", code="out_missing")


def _check_tape(minutes: float | None) -> None:
    if minutes is not None and not 0 <= minutes <= TAPE_MINUTES_MAX:
        sentence = f"--tape-minutes-after takes 0 to {TAPE_MINUTES_MAX} minutes, not {minutes:g}."
        raise ConfigError(sentence, code="bad_tape_minutes")
