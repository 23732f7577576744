#!/bin/sh
# The main job, end to end: one large order from the sentence to the account, on the simulated market.
# Plan, hold, approval, progress and account print here; journal, tape and reports go to build/demo.
set -eu
cd "$(dirname "$0")/.."
rm -rf build/demo
mkdir -p build
.venv/bin/sottovoce run "Buy \$100M AAPL over 3 days with minimal market impact" \
    --market sim --seed 7 --approve --out build/demo
.venv/bin/sottovoce journal verify build/demo/journal.db
.venv/bin/sottovoce replay build/demo/journal.db
.venv/bin/sottovoce stats build/demo
echo
echo "Open build/demo/plan.html and build/demo/report.html in a browser."
