"""The local server in a process of its own: `python -m bench._serve LAKE` tells its port, and stops as stdin ends."""

import sys
from pathlib import Path

from footfall.lake.layout import open_lake
from footfall.local.server import LocalServer

if __name__ == "__main__":
    with LocalServer(open_lake(Path(sys.argv[1]))) as server:
        print(server.port, flush=True)
        sys.stdin.read()
