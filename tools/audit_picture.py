"""Draw the story of the sample order for the docs: python -m tools.audit_picture --out docs/pictures/audit-story.png

The page is what `sottovoce audit show --html` writes; a browser on this machine takes the picture of it (chromium,
or whatever --browser names). Without --out only the page is written, beside the journal, and its place is printed.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from sottovoce.adapters.journal.signing import load_verifier
from sottovoce.analytics.audit.story_html import story_html
from sottovoce.apps.audit_stories import make_pack
from tools.audit_sample.script import make_sample

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH, HEIGHT = 1_000, 2_040
"""Of the window, CSS pixels: the page with its folded parts folded."""
TIMEOUT_S = 60


def picture(page: Path, out: Path, browser: str) -> None:
    """Let a browser without a screen draw a page. Raises CalledProcessError, TimeoutExpired."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={profile}",
            f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={out.resolve()}", page.resolve().as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT_S)


def main(arguments: list[str] | None = None) -> int:
    """Work the sample order, write its page, and draw it. Returns 6 where no browser is found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="the picture, .png")
    parser.add_argument("--browser", default=next(filter(None, map(shutil.which, BROWSERS)), ""))
    parser.add_argument("--folder", type=Path, help="where the journal and the page go; a temporary one if not given")
    given = parser.parse_args(arguments)
    folder = given.folder or Path(tempfile.mkdtemp(prefix="sottovoce-audit-"))
    sample = make_sample(folder)
    pack = make_pack(sample.journal, sample.order_id, sample.checkpoints, [load_verifier(sample.public_key)])
    page = folder / "story.html"
    page.write_text(story_html(pack.story), encoding="utf-8")
    sys.stdout.write(f"wrote {page}\n")
    if given.out is None:
        return 0
    if not given.browser:
        sys.stderr.write("no browser to draw the page with; give --browser\n")
        return 6
    picture(page, given.out, given.browser)
    sys.stdout.write(f"wrote {given.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
