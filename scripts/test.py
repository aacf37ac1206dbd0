"""Set up what is missing, then run every check and test; exit 1 if any of them failed.

python3 scripts/test.py [--quick] [PYTEST ARGUMENTS]

--quick leaves out the tests marked live (they need a JACK server) and slow.
"""

import subprocess
import sys

import _setup

CHECKS = (
    ("lint", ("ruff", "check")),
    ("layout", ("ruff", "format", "--check")),
    ("types", ("mypy",)),
    ("tests", ("pytest",)),  # last, so that its summary ends the output
)
QUICK = ("-m", "not live and not slow")


def main() -> None:
    _setup.enter("dev")
    arguments = sys.argv[1:]
    if "--quick" in arguments:
        arguments[arguments.index("--quick") : arguments.index("--quick") + 1] = QUICK
    results = {}
    for name, command in CHECKS:
        extra = arguments if name == "tests" else []
        print(f"\n== {name}: {' '.join((*command, *extra))}", flush=True)
        done = subprocess.run([sys.executable, "-m", *command, *extra], cwd=_setup.ROOT)
        results[name] = "ok" if done.returncode == 0 else "FAILED"
    print("checks: " + ", ".join(f"{name} {result}" for name, result in results.items()))
    sys.exit("FAILED" in results.values())


if __name__ == "__main__":
    main()
