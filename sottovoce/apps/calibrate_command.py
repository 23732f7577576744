"""`sottovoce calibrate …`: impact models from our own orders, which one plans use, and how far plans miss."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import cyclopts
import msgspec

from sottovoce.apps.calibrate_interval import interval
from sottovoce.apps.numbers_in import Whole
from sottovoce.apps.output import Stopped, emit
from sottovoce.core.errors import ConfigError, ModelError, NotFound
from sottovoce.core.orders import Failure
from sottovoce.core.units import format_ns

if TYPE_CHECKING:
    from sottovoce.models.impact_record import CalibratedImpact

app = cyclopts.App(name="calibrate", help="Impact models from our own finished orders: fit, keep, show, use.")
app.command(interval)

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]
Flag = Annotated[bool, cyclopts.Parameter(negative=())]
Registry = Annotated[Path, cyclopts.Parameter(help="The file of models; `models.db` here when not given.")]

REGISTRY = Path("models.db")
REFUSED = frozenset({"price_manipulation", "bad_fit"})
DRAWS_MIN, DRAWS_MAX = 200, 100_000


@app.command
def impact(
    sources: Annotated[tuple[Path, ...], cyclopts.Parameter(consume_multiple=True)],
    /,
    *,
    form: Literal["almgren", "square-root"] = "square-root",
    free_exponents: Flag = False,
    keep_events: Flag = False,
    daily: Path | None = None,
    draws: Whole = 1000,
    seed: Whole = 0,
    registry: Path | None = None,
    plot: Path | None = None,
    parents_out: Path | None = None,
    as_json: Json = False,
) -> None:
    """Fit a model of impact to finished orders, with intervals, and say what it is good for.

    The intervals are of a bootstrap over symbol-days. A model under which a round trip earns money is refused, exit 3.

    Args:
        sources: run folders, folders of runs, journals, or files of orders (CSV, JSON; docs/how-to.md has the columns).
        form: square-root (cost against size), or almgren (permanent and temporary, in size, speed and turnover).
        free_exponents: plan with the exponents as fitted, not the published ones (almgren).
        keep_events: keep days with news of the name itself.
        daily: a CSV of symbol, date, volume, close: ADV and volatility of each order's eve are worked out from it.
        draws: of the bootstrap.
        seed: of the bootstrap.
        registry: keep the version in this file.
        plot: also draw bins and model, as .svg, .png or .html.
        parents_out: also write the orders as they were read, as CSV.
        as_json: one JSON object on standard output.

    Example:
        sottovoce calibrate impact examples/finished_orders.csv --form square-root --draws 400
        --registry build/models.db
    """
    from sottovoce.adapters.clock import RealClock
    from sottovoce.analytics.calibration.calibrate import Settings, calibrate
    from sottovoce.analytics.calibration.parents_file import write_parents
    from sottovoce.analytics.calibration.words import model_text
    from sottovoce.apps.calibrate_sources import parents_of

    if not DRAWS_MIN <= draws <= DRAWS_MAX:
        raise ConfigError(f"--draws takes {DRAWS_MIN} to {DRAWS_MAX:,}, not {draws}.", code="bad_draws")
    parents, notes = parents_of(sources, daily)
    if parents_out is not None:
        write_parents(parents_out, parents)
    settings = Settings(
        form="almgren" if form == "almgren" else "square_root", draws=draws, seed=seed, free=free_exponents,
        keep_events=keep_events,
    )  # fmt: skip
    try:
        record = calibrate(parents, settings, notes=notes, created_ns=RealClock().now_ns())
    except ModelError as error:
        raise _refused(error) if error.code in REFUSED else error from error
    written = _written(record, registry, plot)
    body = _document(record) | {"written": written, "parents_read": len(parents)}
    emit(body, as_json, lambda: "\n".join([model_text(record), *(f"wrote {each}" for each in written)]))


@app.command(name="list")
def list_versions(*, registry: Registry = REGISTRY, as_json: Json = False) -> None:
    """List the versions of a registry, with the one in use and why.

    Args:
        as_json: one JSON object on standard output.

    Example:
        sottovoce calibrate list --registry build/models.db
    """
    from sottovoce.adapters.calibrations.registry import PUBLISHED, standing

    with _open(registry) as kept:
        names, decisions = kept.versions(), kept.decisions()
    current = standing(decisions)
    body = {"in_use": current, "versions": names, "decisions": msgspec.to_builtins(decisions)}

    def text() -> str:
        marked = [f"{'*' if name in current.values() else ' '} {name}" for name in (PUBLISHED, *names)]
        taken = [f"{format_ns(each.at_ns, 0)} {each.version} by {each.by}: {each.reason}" for each in decisions]
        return "\n".join([*marked, *taken])

    emit(body, as_json, text)


@app.command
def show(
    version: str,
    *,
    registry: Registry = REGISTRY,
    size: float | None = None,
    sigma_daily: float = 0.02,
    duration_volume_days: float | None = None,
    turnover_days: float | None = None,
    plot: Path | None = None,
    as_json: Json = False,
) -> None:
    """Show a version: its figures, sample and tests; with a size, what it says of such an order.

    Args:
        version: its name, or a beginning or an end of it.
        size: of an order, part of a day's volume; the registry keeps that it was asked.
        sigma_daily: daily volatility, a fraction.
        duration_volume_days: part of an average day's volume over which the order trades (almgren).
        turnover_days: shares outstanding over daily volume (almgren).
        plot: also draw bins and model, as .svg, .png or .html.
        as_json: one JSON object on standard output.

    Example:
        sottovoce calibrate show square_root --registry build/models.db --size 0.02 --sigma-daily 0.015
    """
    from sottovoce.adapters.calibrations.registry import ASKED
    from sottovoce.analytics.calibration.words import model_text
    from sottovoce.apps.impact_versions import Asked

    found = Asked.of(version, registry)
    said = None if size is None else found.says(size, sigma_daily, duration_volume_days, turnover_days)
    with _open(registry) as kept:
        journals = [each.journal for each in kept.uses(found.record.version)]
    asked = journals.count(ASKED)
    planned = len(journals) - asked
    written = _written(found.record, None, plot)
    body = _document(found.record) | {
        "uses": planned, "asked": asked, "estimate": None if said is None else said.document(),
        "written": written,
    }  # fmt: skip

    def text() -> str:
        shown = [] if said is None else [f"of an order of {size:.3%} of ADV", *said.lines()]
        used = f"used by {planned:,} recorded plans, and asked {asked:,} times"
        return "\n".join([model_text(found.record), used, *shown, *(f"wrote {each}" for each in written)])

    emit(body, as_json, text)


@app.command
def use(
    version: str,
    *,
    reason: str,
    by: str,
    registry: Registry = REGISTRY,
    as_json: Json = False,
) -> None:
    """Make plans with a version from now on, or with `published` again; who says so and why is kept.

    A desk reads its registry from `model_registry` in its configuration.

    Args:
        version: its name, or a beginning or an end of it; published for the published parameters.
        reason: why.
        by: who says so.
        as_json: one JSON object on standard output.

    Example:
        sottovoce calibrate use square_root --by ana --reason "misses less out of sample" --registry build/models.db
    """
    from sottovoce.adapters.clock import RealClock

    with _open(registry) as kept:
        decision = kept.decide(version, by=by, reason=reason, at_ns=RealClock().now_ns())
    said = f"plans are now made with {decision.version}: {decision.reason}"
    emit(msgspec.to_builtins(decision), as_json, lambda: said)


@app.command
def uses(journal: Path, *, registry: Path | None = None, as_json: Json = False) -> None:
    """Say which model each plan of a journal was made with, and record it in the registry.

    Args:
        journal: the journal.db of a run.
        registry: record the uses in this file of models; each plan once, however often it is read.
        as_json: one JSON object on standard output.

    Example:
        sottovoce calibrate uses build/runs/1/journal.db --registry build/models.db
    """
    from sottovoce.apps.calibrate_uses import recorded, uses_of, uses_text

    if not journal.is_file():
        raise NotFound(f"There is no journal at {journal}; give the journal.db of a run.", code="no_journal")
    found = uses_of(journal)
    new = None if registry is None else recorded(found, registry)
    body = {"plans": msgspec.to_builtins(found), "new": new}
    emit(body, as_json, lambda: uses_text(found, new))


def _open(path: Path) -> Any:
    from sottovoce.adapters.calibrations.registry import CalibrationRegistry

    return CalibrationRegistry(path)


def _written(record: CalibratedImpact, registry: Path | None, plot: Path | None) -> list[str]:
    """Keep and draw what was asked for; returns where."""
    written = []
    if registry is not None:
        from sottovoce.adapters.calibrations.registry import CalibrationRegistry

        with CalibrationRegistry(registry, create=True) as kept:
            kept.add(record)
        written.append(str(registry))
    if plot is not None:
        from sottovoce.analytics.calibration.picture import model_picture

        plot.write_bytes(model_picture(record, plot.suffix))
        written.append(str(plot))
    return written


def _document(record: CalibratedImpact) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(record)
    return {"version": record.version} | found


def _refused(error: ModelError) -> Stopped:
    what = "a round trip earns" if error.code == "price_manipulation" else "no law of impact"
    failure = Failure(stage="calibration", code=error.code, value=what, limit="none may", action="nothing is kept")
    stopped = Stopped(str(error), (failure,))
    stopped.code = error.code
    return stopped
