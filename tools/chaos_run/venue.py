"""The venue process: `python -m tools.chaos_run.venue RECORD SEED PORT`; prints its port when it listens."""

from __future__ import annotations

import sys
from pathlib import Path

from sottovoce.adapters.loopback_venue.server import VenueServer


def main() -> None:
    """Serve until killed."""
    record, seed, port = sys.argv[1:4]
    server = VenueServer(Path(record), seed, int(port))
    print(server.port, flush=True)
    server.run()


if __name__ == "__main__":
    main()
