"""`sideslip ports`: the MIDI ports of this machine."""

import json
import os
from argparse import Namespace
from contextlib import closing

from sideslip.errors import one_line
from sideslip.stage.midi.ports import Backend
from sideslip.stage.midi.system import open_system


def run(options: Namespace) -> None:
    """List inputs and outputs, for people or as JSON."""
    with closing(open_system(Backend.chosen(options.backend, os.environ))) as system:
        inputs, outputs = system.inputs(), system.outputs()
    if options.json:
        print(json.dumps({"inputs": inputs, "outputs": outputs}))
        return
    for title, names in (("inputs", inputs), ("outputs", outputs)):
        print(f"{title}:")
        print("\n".join(f"  {one_line(name)}" for name in names) or "  none")
