"""The MIDI process: owns the ports and every sounding note, and does nothing else.

    python -m sideslip.stage.midi.process

Its own process, so that no thinking delays a note, and a note ends even if the program is killed: when standard input
ends, all notes end. Speaks JSON lines (`protocol`). In: what to open, then orders. Out: what was opened or the
error, then what is heard and sent, and which port is gone or back.
"""

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import closing

from sideslip.errors import PortError
from sideslip.stage.child import adopt, hush_c_libraries, receive
from sideslip.stage.jsonlines import Json
from sideslip.stage.midi.claims import Claims
from sideslip.stage.midi.keeper import Keeper
from sideslip.stage.midi.midi_out import SPIN
from sideslip.stage.midi.names import Way
from sideslip.stage.midi.ports import APIS, MidiSystem
from sideslip.stage.midi.protocol import Wish
from sideslip.stage.midi.system import open_system
from sideslip.stage.midi.telling import Teller
from sideslip.stage.priority import SENDING, hurry

_HUNG = 6.0  # s without a look after which something hangs; the program notices sooner, unless it is dead
_SWITCH = SPIN / 2  # s that a thread keeps Python to itself while others wait: it is the sender's in time to spin


def _expect_to_live() -> None:
    """Have the system end this process if it does not come here again for long: a library may hang for ever."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, _HUNG)


def _claimer(system: MidiSystem, holder: int) -> Callable[[str, Way], None]:
    """What claims ports for a process; those that lead nowhere are everybody's."""
    return Claims(system.api, holder).take if system.api in APIS else lambda name, way: None


def main() -> int:
    """Run until standard input ends; the exit code."""
    orders, answers = adopt(("SIGINT", "SIGHUP", "SIGTSTP"))
    hush_c_libraries()
    # notes are then late by 0.1 ms, not 0.2; and whoever waits for Python's lock, as a JACK server does, waits for
    # nobody who is waiting for a processor
    hurry(SENDING, heirs=True)
    with closing(Teller(answers)) as teller:
        return _play(receive(orders), teller.tell)


def _play(lines: Iterator[Json], tell: Callable[[Json], None]) -> int:
    try:
        wish = Wish.decode(next(lines))
        sys.setswitchinterval(_SWITCH)
        with closing(open_system(wish.backend)) as system:
            keeper = Keeper(wish, system, tell, _claimer(system, os.getppid()), _expect_to_live)
            signal.signal(signal.SIGTERM, lambda number, frame: keeper.leave())
            gc.collect()
            gc.freeze()
            keeper.run(lines)
    except StopIteration:
        return 0
    except PortError as error:
        tell({"error": str(error)})
        return 2
    except Exception as error:
        tell({"error": f"{type(error).__name__}: {error}"})
        return 1
    return 0


if __name__ == "__main__":
    os._exit(main())  # not sys.exit: a thread that waits for input makes Python's orderly end a crash
