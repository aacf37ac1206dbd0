"""What the keys of the computer do while a gig goes on."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from sideslip.band.bindings import Control
from sideslip.band.events import Nudged, Stopped
from sideslip.stage.inbox import Inbox
from sideslip.stage.terminal import Keys

STEPS: Mapping[str, tuple[Control, int]] = MappingProxyType(
    {
        "up": ("outside", 1),
        "+": ("outside", 1),
        "=": ("outside", 1),  # the same key, unshifted
        "down": ("outside", -1),
        "-": ("outside", -1),
        "]": ("density", 1),
        "[": ("density", -1),
        ">": ("register", 1),
        "<": ("register", -1),
        "t": ("trade", 1),
        "l": ("lay_out", 1),
        "o": ("take_over", 1),
    }
)
"""Which control a key moves, and by how many positions."""

PANIC, LEAVE, ASK = ("p", " "), ("q",), ("?", "h")

HELP = (
    "keys: up, down (or + -) outside, [ ] density, < > register, t trade, l lay out, o take over, p or space panic, "
    "q quit"
)


@contextmanager
def heed_keys(
    inbox: Inbox, now: Callable[[], float], panic: Callable[[], None], tell: Callable[[str], None]
) -> Iterator[None]:
    """While inside, what keys ask for goes into the inbox, but `panic` is called; `tell` says what each does."""

    def heed(keys: Keys) -> None:
        while (found := keys.read()) is not None:
            for key in found:
                if key in PANIC:
                    panic()
                elif key in ASK:
                    tell(HELP)
                elif key in LEAVE:
                    inbox.put(Stopped(now()))
                elif key in STEPS:
                    inbox.put(Nudged(now(), *STEPS[key]))

    with Keys() as keys:
        thread = threading.Thread(target=heed, args=(keys,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            keys.leave()
            thread.join(1.0)
