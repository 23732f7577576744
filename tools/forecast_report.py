"""The report on forecasts: daily volume on five years of 286 names, volatility, volume within the day, recorded tapes.

Writes report.html (self-contained), report.md, report.json and a PNG of each chart. Reads the shared
market data (SOTTOVOCE_DATA).

Run: python tools/forecast_report.py --out build/forecast
Exit 1 where the data is absent.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

import msgspec  # noqa: E402

from sottovoce.analytics.reports.picture_file import picture  # noqa: E402
from tools.forecast_study.page import html_page  # noqa: E402
from tools.forecast_study.pictures import difference_picture  # noqa: E402
from tools.forecast_study.study import Study, study  # noqa: E402
from tools.forecast_study.words import page  # noqa: E402


def main(words: list[str] | None = None) -> int:
    """Compute, print and write."""
    options = arguments(words)
    if not (options.data / "us_daily_sp500").is_dir():
        print(f"The market data folder is not at {options.data}; set SOTTOVOCE_DATA to where it is.", file=sys.stderr)
        return 1
    found = study(options.data)
    text = page(found)
    print(text)
    print("written:", *(str(path) for path in write(found, text, options.out)))
    return 0


def write(found: Study, text: str, out: Path) -> list[Path]:
    """Page, figures and pictures; returns their paths."""
    out.mkdir(parents=True, exist_ok=True)
    files = {
        "report.html": html_page(found).encode(),
        "report.md": text.encode(),
        "report.json": msgspec.json.format(msgspec.json.encode(found), indent=2),
    }
    for name, compared, title in (
        ("daily-volume", [each for each in found.daily if each.measure == "log"], "log error of daily volume"),
        ("volatility", found.volatility, "QLIKE of daily variance"),
    ):
        spec = difference_picture(compared, title)
        files[f"{name}.png"] = picture(spec, ".png", f"Difference of the {title} from the rolling benchmark")
    for name, content in files.items():
        (out / name).write_bytes(content)
    return [out / name for name in files]


def arguments(words: list[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="The report on forecasts.")
    parser.add_argument("--out", type=Path, default=Path("build/forecast"))
    shared = Path(os.environ.get("SOTTOVOCE_DATA", ROOT.parent / "shared/data"))
    parser.add_argument("--data", type=Path, default=shared)
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
