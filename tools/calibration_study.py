"""From runs to a plan: orders worked in the simulated market, their journals calibrated, a version put into use, and an
order planned with it beside the published parameters.

Every run is a session of its own: a name, a size, a rate and a side from the seed, worked as `sottovoce run` works it,
its journal and tape kept. What the simulated market costs is its own; the study shows the way, and prints what it
found.

Run: python -m tools.calibration_study --runs 240 --out build/calibration
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from sottovoce.apps.cli import run_command_line
from tools.calibration_runs import order_of, worked

FORMS = ("square-root", "almgren")
"""What direct orders are costed with, and what schedules are planned with."""


def main(words: list[str] | None = None) -> int:
    """Run the study; returns the exit code of the first command that fails, else 0."""
    parser = argparse.ArgumentParser(description="Runs, journals, a calibration, a plan.")
    parser.add_argument("--runs", type=int, default=240)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("build/calibration"))
    parser.add_argument("--order", default="Buy 20000 WAT VWAP", help="planned with and without the version")
    options = parser.parse_args(words)
    ended = _runs(options.out / "runs", options.runs, options.processes)
    print(f"{ended} of {options.runs} runs ended")
    registry, config = options.out / "models.db", options.out / "desk.toml"
    config.write_text(f'model_registry = "{registry.name}"\n', "utf-8")
    kept = ["--registry", str(registry)]
    plan = ["plan", options.order]
    fitted = [words for form in FORMS for words in _into_use(form, options.out, kept)]
    commands = [plan, *fitted, [*plan, "--config", str(config)]]
    for command in commands:
        code = run_command_line(_with_version(command, registry))
        if code:
            return code
    return 0


def _into_use(form: str, out: Path, kept: list[str]) -> list[list[str]]:
    """Fit a form to the runs and put it into use; an empty word stands for the version that was fitted."""
    return [
        ["calibrate", "impact", str(out / "runs"), "--form", form, "--plot", str(out / f"{form}.png"), *kept],
        ["calibrate", "use", "", "--reason", "the study's own orders", "--by", "study", *kept],
        ["calibrate", "list", *kept],
    ]


def _with_version(command: list[str], registry: Path) -> list[str]:
    """The newest version's name where a command leaves it open."""
    from sottovoce.adapters.calibrations.registry import CalibrationRegistry

    if "" not in command:
        return command
    with CalibrationRegistry(registry) as kept:
        name = max((kept.get(each) for each in kept.versions()), key=lambda record: record.created_ns).version
    return [name if word == "" else word for word in command]


def _runs(folder: Path, runs: int, processes: int) -> int:
    """Work the orders, each once however often the study is run; how many may be calibrated from."""
    folder.mkdir(parents=True, exist_ok=True)
    orders = [order_of(seed) for seed in range(runs)]
    ended = 0
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(worked, each, folder / f"run-{each.seed:04}"): each for each in orders}
        for count, future in enumerate(as_completed(waiting), 1):
            why = future.result()
            ended += not why
            if why:
                sys.stderr.write(f"  {waiting[future].sentence}: {why}\n")
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{count} of {runs} orders worked" + ("\n" if count == runs else ""))
                sys.stderr.flush()
    return ended


if __name__ == "__main__":
    sys.exit(main())
