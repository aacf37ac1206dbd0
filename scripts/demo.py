"""Set up what is missing, then run `sideslip demo` with the arguments given: no MIDI device is needed.

python3 scripts/demo.py [--out DIR] [--seed N] [--chart C] [--choruses N] [--outside X]
"""

import sys

import _setup


def main() -> None:
    _setup.enter()
    from sideslip.cli import main as sideslip

    sys.argv[:] = ["sideslip", "demo", *sys.argv[1:]]
    sys.exit(sideslip())


if __name__ == "__main__":
    main()
