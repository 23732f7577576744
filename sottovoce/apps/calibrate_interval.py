"""`sottovoce calibrate interval`: how often the intervals of plans held, and the ends that past orders teach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import cyclopts
import msgspec

from sottovoce.apps.output import emit
from sottovoce.core.errors import ModelError, NotFound

if TYPE_CHECKING:
    from sottovoce.analytics.tca.cost_misses import Forecasts
    from sottovoce.analytics.tca.measure import OrderTca
    from sottovoce.models.cost_interval import CostQuantiles


def interval(
    sources: Annotated[tuple[Path, ...], cyclopts.Parameter(consume_multiple=True)],
    /,
    *,
    model_version: str | None = None,
    out: Path | None = None,
    as_json: Annotated[
        bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")
    ] = False,
) -> None:
    """Say how often plans' 80 % cost intervals held, and learn the ends of the next from how far orders missed.

    Fifty finished orders or more teach the ends; fewer are still counted. Put the ends into a desk's configuration as
    `[planning.cost_quantiles]`.

    Args:
        sources: run folders, folders of runs, or journals.
        model_version: only orders costed by this version of the impact model.
        out: write the setting as TOML to this file.
        as_json: one JSON object on standard output.

    Example:
        sottovoce calibrate interval build/runs --out build/interval.toml
    """
    from sottovoce.analytics.tca.cost_misses import forecasts_of

    found = forecasts_of(_measured(sources), model_version)
    if not len(found.realised):
        raise NotFound("None of these orders was planned with an interval and done; give other runs.", code="no_orders")
    ends, why = _ends(found, model_version)
    if out is not None and ends is not None:
        out.write_text(_toml(ends), "utf-8")
    held = found.held
    document = {
        "orders": held.n, "left_out": found.left_out, "inside": held.inside, "part": held.part, "error": _error(found),
        "ends": msgspec.to_builtins(ends), "reason": why, "written": str(out) if out and ends else None,
    }  # fmt: skip
    emit(document, as_json, lambda: _text(found, ends, why))


def _measured(sources: Sequence[Path]) -> Iterator[tuple[OrderTca, CostQuantiles]]:
    """Every order of the journals, with the ends of the interval its desk was configured with."""
    from sottovoce.analytics.tca.market_tape import read_tape
    from sottovoce.analytics.tca.measure import measure
    from sottovoce.apps.calibrate_sources import JOURNAL, files_of, orders_of_journal
    from sottovoce.runtime.founding import recorded_config

    for path in (each for source in sources for each in files_of(source)):
        if path.name != JOURNAL:
            raise NotFound(f"{path} is no {JOURNAL}: intervals are learned from journals.", code="no_journal")
        run = orders_of_journal(path)
        ends = recorded_config(run.meta).planning.cost_quantiles
        for order in run.orders:
            tape = run.tapes.get(order.tape_id)
            yield measure(order, None if tape is None else read_tape(tape, order.sessions)), ends


def _ends(found: Forecasts, model_version: str | None) -> tuple[CostQuantiles | None, str]:
    """The ends, or None and why there are none."""
    try:
        return found.quantiles(f"{model_version or 'all models'}/{len(found.realised)} orders"), ""
    except ModelError as error:
        if error.code != "too_few_orders":
            raise
        return None, str(error)


def _error(found: Forecasts) -> float | None:
    """The standard error of the part inside; None where a few orders would make it look certain."""
    from sottovoce.models.cost_interval import ORDERS_MIN

    return found.held.error if found.held.n >= ORDERS_MIN else None


def _toml(ends: CostQuantiles) -> str:
    return (
        f"[planning.cost_quantiles]\nlow = {ends.low:.6f}\nhigh = {ends.high:.6f}\norders = {ends.orders}\n"
        f'version = "{ends.version}"\n'
    )


def _text(found: Forecasts, ends: CostQuantiles | None, why: str) -> str:
    held = found.held
    counted = f"{held.inside} of {held.n} orders ended inside the 80 % interval of their plan"
    error = _error(found)
    scatter = "" if error is None else f" ± {error:.1%} (standard error, of names and days)"
    lines = [
        f"{counted}: {held.part:.1%}{scatter}",
        f"{found.left_out} orders left out: no interval, given up early, or of another model",
    ]
    if ends is None:
        return "\n".join([*lines, f"nothing is learned: {why}"])
    scale = "in units of each plan's own scale; a normal law has -1.28 and +1.28"
    return "\n".join([*lines, f"ends learned: {ends.low:+.2f} and {ends.high:+.2f}, {scale}", "", _toml(ends).rstrip()])
