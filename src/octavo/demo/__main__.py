"""`python -m octavo.demo [PORT]`: serves the demo press until it is interrupted, and prints its addresses."""

from __future__ import annotations

import sys
import time

from octavo.demo.server import BASE_PORT, start


def main(arguments: list[str]) -> int:
    """Serves the press; gives the exit code."""
    if len(arguments) > 1 or (arguments and not arguments[0].isdigit()):
        print(f"usage: python -m octavo.demo [PORT], for example {BASE_PORT}", file=sys.stderr)
        return 2
    press = start(int(arguments[0]) if arguments else BASE_PORT)
    for site in press.publishers:
        print(f"{site.publisher.name:32} {site.home_page:26} {site.feed_url}")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        press.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
