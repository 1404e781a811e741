"""Becomes one process of the site on the first core: `python -m bench.onecore APPLICATION PORT`."""

from __future__ import annotations

import os
import sys

from octavo.services.installation import prepare

CORE = 0


def main(application: str, port: str) -> None:
    """Starts the server as `octavo serve` does, for another application perhaps."""
    prepare()
    from octavo.services import site

    command = site.web_command("127.0.0.1", int(port), workers=1)
    os.sched_setaffinity(0, {CORE})
    os.execv(command[0], [*command[:-1], application])


if __name__ == "__main__":
    main(*sys.argv[1:])
