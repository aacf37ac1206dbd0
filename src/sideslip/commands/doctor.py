"""`sideslip doctor`: what is right, what is wrong, and what to do about it."""

import os
from argparse import Namespace

from sideslip.commands.examination import examine
from sideslip.commands.findings import findings
from sideslip.stage.midi.ports import Backend


def run(options: Namespace) -> None:
    """A line for everything looked at; exit code 1 if it cannot play."""
    found = list(findings(examine(Backend.chosen(options.backend, os.environ))))
    print("\n".join(map(str, found)))
    if any(finding.verdict == "wrong" for finding in found):
        raise SystemExit(1)
