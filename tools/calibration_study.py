"""From runs to a plan: orders worked in the simulated market, their journals calibrated, a version put into use, and an
order planned with it beside the published parameters.

Every run is a session of its own: a name, a size and a side from the seed, worked as `sottovoce run` works it, its
journal and tape kept. What the simulated market costs is its own; the study shows the way, and prints what it found.

Run: python -m tools.calibration_study --runs 240 --out build/calibration
"""

from __future__ import annotations

import argparse
import sys
from contextlib import redirect_stdout
from pathlib import Path

from sottovoce.apps.cli import run_command_line

SYMBOLS = (
    "NWS", "AZO", "RE", "AIZ", "IFF", "AMG", "ESS", "TDG", "COO", "ROP", "ANSS", "HII", "CTAS", "FRT", "WAT", "WLTW",
    "CINF", "LH", "IDXX", "SNA", "IT", "MHK", "PVH", "MLM",
)  # fmt: skip
"""Names of 0.4 to 0.7 million shares a day: their sessions are short to simulate. All runs are of one date, so a
symbol-day is a symbol: an interval needs twenty."""

RATES = (5, 10, 15, 20)
SHARES = (1_000, 2_000, 4_000, 8_000, 16_000, 30_000)


def order_of(seed: int) -> str:
    """The order of a seed: every name, then the next size, sides in turn."""
    side = "Buy" if (seed // len(SYMBOLS) + seed) % 2 else "Sell"
    shares = SHARES[(seed // len(SYMBOLS) + seed) % len(SHARES)]
    return f"{side} {shares} {SYMBOLS[seed % len(SYMBOLS)]} POV {RATES[seed % len(RATES)]}%"


def main(words: list[str] | None = None) -> int:
    """Run the study; returns the exit code of the first command that fails, else 0."""
    parser = argparse.ArgumentParser(description="Runs, journals, a calibration, a plan.")
    parser.add_argument("--runs", type=int, default=240)
    parser.add_argument("--out", type=Path, default=Path("build/calibration"))
    parser.add_argument("--order", default="Buy 2000 WAT SOR", help="planned with and without the version")
    options = parser.parse_args(words)
    worked = sum(_run(seed, options.out / "runs", options.runs) for seed in range(options.runs))
    print(f"{worked} of {options.runs} runs ended")
    registry, config = options.out / "models.db", options.out / "desk.toml"
    config.write_text(f'model_registry = "{registry.name}"\n', "utf-8")
    kept = ["--registry", str(registry)]
    for command in (
        ["calibrate", "impact", str(options.out / "runs"), "--plot", str(options.out / "fit.png"), *kept],
        ["plan", options.order, "--config", str(config)],
        ["calibrate", "use", "", "--reason", "the study's own orders", "--by", "study", *kept],
        ["calibrate", "list", *kept],
        ["plan", options.order, "--config", str(config)],
    ):
        code = run_command_line(_with_version(command, registry))
        if code:
            return code
    return 0


def _with_version(command: list[str], registry: Path) -> list[str]:
    """The newest version's name where a command leaves it open."""
    from sottovoce.adapters.calibrations.registry import CalibrationRegistry

    if "" not in command:
        return command
    with CalibrationRegistry(registry) as kept:
        name = max((kept.get(each) for each in kept.versions()), key=lambda record: record.created_ns).version
    return [name if word == "" else word for word in command]


def _run(seed: int, folder: Path, runs: int) -> bool:
    """Work one order, unless an earlier study has; whether its journal is there."""
    out = folder / f"run-{seed:04}"
    if not (out / "journal.db").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        sys.stderr.write(f"[{seed + 1}/{runs}] {order_of(seed)}\n")
        words = ["run", order_of(seed), "--seed", str(seed), "--approve", "--out", str(out), "--json"]
        with (folder / "last.json").open("w", encoding="utf-8") as said, redirect_stdout(said):
            run_command_line(words)
    return (out / "journal.db").is_file()


if __name__ == "__main__":
    sys.exit(main())
