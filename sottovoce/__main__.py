"""`python -m sottovoce` is the command line."""

from __future__ import annotations

from sottovoce.apps.cli import main

main()
