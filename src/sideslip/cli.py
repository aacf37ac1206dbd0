"""The command line."""

import sys
from collections.abc import Callable

from sideslip.errors import SideslipError


def exit_on_mistake(main: Callable[[], None]) -> None:
    """Run a command; a user's mistake becomes one line on stderr and exit code 2."""
    try:
        main()
    except SideslipError as mistake:
        print(f"sideslip: {mistake}", file=sys.stderr)
        raise SystemExit(2) from None
