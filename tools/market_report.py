"""The report on simulated markets: every gate on twenty sessions of each generator, with plots, beside real tapes.

Writes market.html (self-contained), market.json and a PNG of each chart. Real tapes are measured where the shared
market data is present (SOTTOVOCE_DATA).

Run: python tools/market_report.py --out build/market
Exit 1 when a gate is neither passed nor explained.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from sottovoce.adapters.reference.store import load_shipped  # noqa: E402
from sottovoce.analytics.market_facts.measured import Measured  # noqa: E402
from sottovoce.analytics.reports.chart_svg import ABSENT, INKS  # noqa: E402
from sottovoce.analytics.reports.market_html import charts, render_market_html  # noqa: E402
from sottovoce.analytics.reports.market_json import market_json  # noqa: E402
from tools.market_gates import START_DATE, add_study, plan_of, printed  # noqa: E402
from tools.market_study.generators import GENERATORS  # noqa: E402
from tools.market_study.judging import measured  # noqa: E402
from tools.market_study.real_tape import real_markets  # noqa: E402
from tools.market_study.study import run  # noqa: E402


def main(words: list[str] | None = None) -> int:
    """Measure, print and write; 0 when every gate is passed or explained, 1 when not, 2 for an unknown symbol."""
    options = arguments(words)
    markets = []
    for name in options.generators.split(","):
        plan = plan_of(name, options)
        if plan is None:
            print(f"No instrument is called {options.symbol}.", file=sys.stderr)
            return 2
        markets.append(measured(name, plan.instrument, START_DATE, run(plan, options.processes)))
        print(printed(markets[-1]))
    markets += list(real_markets(load_shipped()))
    print("written:", *(str(path) for path in write(markets, options.symbol, options.out)))
    verdicts = [each.verdict for market in markets if not market.recorded for each in market.judged]
    return 1 if "failed" in verdicts else 0


def write(markets: Sequence[Measured], symbol: str, out: Path) -> list[Path]:
    """Page, figures and drawings; returns their paths."""
    out.mkdir(parents=True, exist_ok=True)
    page, figures = out / "market.html", out / "market.json"
    page.write_text(render_market_html(markets, symbol), "utf-8")
    figures.write_bytes(market_json(markets, symbol))
    found = [page, figures]
    for name, drawing in charts(markets).items():
        if drawing and drawing != ABSENT:
            found.append(out / f"{name}.png")
            found[-1].write_bytes(png(drawing))
    return found


def png(drawing: str) -> bytes:
    """A chart of the page on white paper, in the inks of the light theme."""
    import vl_convert

    for ink, colour in INKS.items():
        drawing = drawing.replace(f"var(--{ink})", colour)
    head, _, rest = drawing.partition(">")
    spaces = ' xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    paper = f'<rect width="100%" height="100%" fill="{INKS["paper"]}"/>'
    return bytes(vl_convert.svg_to_png(f"{head}{spaces}>{paper}{rest}", scale=1.5))


def arguments(words: list[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="The report on simulated markets.")
    parser.add_argument("--generators", default=",".join(GENERATORS), help="separated by commas")
    add_study(parser)
    parser.add_argument("--out", type=Path, default=Path("build/market"))
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
