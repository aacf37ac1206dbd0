"""Set up what is missing, then run every check and test; exit 1 if any of them failed.

python3 scripts/test.py [--quick] [PYTEST ARGUMENTS]

First the tests marked live, which want the machine to themselves, then all others, as many at once as there are
processors. --quick leaves out those marked live (they need a JACK server) and slow. With arguments for pytest there is
one run.
"""

import subprocess
import sys

import _setup

CHECKS = (
    ("lint", ("ruff", "check")),
    ("layout", ("ruff", "format", "--check")),
    ("types", ("mypy",)),
    ("live", ("pytest", "-m", "live")),
    ("tests", ("pytest", "-n", "auto", "--maxprocesses", "4", "-m", "not live")),  # last: its summary ends the output
)
QUICK = ("-m", "not live and not slow")


def main() -> None:
    _setup.enter("dev")
    arguments = sys.argv[1:]
    if "--quick" in arguments:
        arguments[arguments.index("--quick") : arguments.index("--quick") + 1] = QUICK
    results = {}
    checks = (*CHECKS[:-2], ("tests", ("pytest", *arguments))) if arguments else CHECKS
    for name, command in checks:
        print(f"\n== {name}: {' '.join(command)}", flush=True)
        done = subprocess.run([sys.executable, "-m", *command], cwd=_setup.ROOT)
        results[name] = "ok" if done.returncode == 0 else "FAILED"
    print("checks: " + ", ".join(f"{name} {result}" for name, result in results.items()))
    sys.exit("FAILED" in results.values())


if __name__ == "__main__":
    main()
