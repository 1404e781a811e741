"""A worker as a program of its own: `python -m octavo.services.process [--demo]`. It decides nothing but how to log."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from octavo.services.installation import prepare


def main(arguments: Sequence[str]) -> int:
    """Works until SIGTERM; with `--demo` on the demo press alone."""
    prepare(migrate=False)
    # Only now: models can be imported once Django is set up.
    if "--demo" in arguments:
        from octavo.services import demo

        return demo.work()
    from octavo.services import worker

    return worker.work_until_signal()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
