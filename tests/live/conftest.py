"""A private JACK server for the whole test session, and a player's rig on it."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from sideslip.testing.live import LiveJam, NoServerError, Rig, jack_server


@pytest.fixture(autouse=True)
def _heeding() -> Iterator[None]:
    """Programs that are started here heed Ctrl-C and hanging up, even where the tests run in the background."""
    former = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGHUP)}
    ignored = [number for number, handler in former.items() if handler is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


@pytest.fixture(scope="session")
def jack() -> Iterator[str]:
    """The name of a server that this process's MIDI clients reach; skips where there is none to start."""
    with ExitStack() as closing:
        try:
            name = closing.enter_context(jack_server())
        except NoServerError as reason:
            pytest.skip(str(reason))
        yield name


@pytest.fixture
def jam(rig: Rig) -> Iterator[Callable[..., LiveJam]]:
    """Starts `sideslip jam` with options."""
    started: list[LiveJam] = []

    def start(*options: str) -> LiveJam:
        started.append(LiveJam(*options))
        return started[-1]

    yield start
    for one in started:
        one.kill()


@pytest.fixture
def rig(jack: str) -> Iterator[Rig]:
    """A keyboard and a synth."""
    rig = Rig()
    yield rig
    rig.close()
