"""A Link timeline as MIDI clock: what is handed on as it is looked at, and where bar 1 comes to lie."""

import sys
from itertools import pairwise

import numpy as np
import pytest

from sideslip.errors import SettingError
from sideslip.listen.tempo import TempoMap
from sideslip.listen.transport import Clocked
from sideslip.music.meter import Meter
from sideslip.stage.midi.link import LinkClocks, LinkPeer, Timeline

CLOCK, START, CONTINUE, STOP = b"\xf8", b"\xfa", b"\xfb", b"\xfc"
Timed = tuple[float, bytes]
Look = tuple[float, TempoMap, bool, float]
"""A moment from which on the session is like this: its quarters, whether it plays, and since when."""


def handed_on(bar: float, until: float, *looks: Look, every: float = 0.013) -> list[Timed]:
    """All that comes of looking at sessions now and then, none of it before its moment."""
    clocks, messages = LinkClocks(bar), list[Timed]()
    for now in np.arange(looks[0][0], until, every).tolist():
        _, tempo, playing, since = max(look for look in looks if look[0] <= now)
        new = list(clocks.due(Timeline(tempo.beat, tempo.seconds, playing, since), now))
        assert all(now - every - 1e-9 < at <= now for at, _ in new)
        messages += new
    return messages


def transport(messages: list[Timed]) -> list[Timed]:
    return [(pytest.approx(at, abs=1e-6), message) for at, message in messages if message != CLOCK]


def heard(messages: list[Timed], unit: int = 4) -> TempoMap:
    keeper = Clocked(unit)
    for at, message in messages:
        keeper.hear(at, message)
    assert keeper.tempo is not None
    return keeper.tempo


def test_bar_1_is_the_first_downbeat_after_joining_and_the_clock_runs_before() -> None:
    session = TempoMap(120, -3.3)  # somewhere on its way when we join
    messages = handed_on(4.0, 20.0, (0.0, session, False, 0.0))
    downbeat = session.seconds(8)  # 0.7 s
    assert transport(messages) == [(downbeat, START)]
    clocks = [at for at, message in messages if message == CLOCK]
    assert np.diff(clocks) == pytest.approx(0.5 / 24) and clocks[0] < 0.022
    assert heard(messages).seconds(16) == pytest.approx(session.seconds(24), abs=1e-4)


@pytest.mark.parametrize(("bar", "unit", "beat"), [(3.0, 4, 1.0), (3.5, 8, 0.5), (6.0, 8, 0.5), (1.75, 16, 0.25)])
def test_bars_are_as_long_as_the_charts(bar: float, unit: int, beat: float) -> None:
    session = TempoMap(90, -1.0)
    messages = handed_on(bar, 10.0, (0.0, session, False, 0.0))
    ((start, _),) = [(at, m) for at, m in messages if m == START]
    assert session.beat(start) % bar == pytest.approx(0, abs=1e-6)
    assert heard(messages, unit).seconds(8) == pytest.approx(session.seconds(session.beat(start) + 8 * beat), abs=1e-3)


def test_a_session_that_plays_already_is_joined_at_its_next_downbeat() -> None:
    session = TempoMap(120, -3.3)
    assert transport(handed_on(4.0, 9.0, (0.0, session, True, -2.0))) == [(session.seconds(8), START)]


@pytest.mark.parametrize("seen", [-0.4, 0.05])
def test_a_start_of_the_peers_is_bar_1_at_the_next_downbeat_and_their_stop_is_ours(seen: float) -> None:
    """Seen before it happens or a little after; they launch at the first downbeat from then on."""
    session = TempoMap(120, 0.1)
    pressed = session.seconds(13.2)
    messages = handed_on(
        4.0,
        20.0,
        (0.0, session, False, 0.0),
        (pressed + seen, session, True, pressed),
        (15.0, session, False, 15.0),
        (18.0, session, True, session.seconds(36)),
    )
    said = transport(messages)
    assert [m for _, m in said] == [START, START, STOP, START]
    assert [said[1][0], said[3][0]] == [session.seconds(16), session.seconds(36)]
    assert said[2][0] == pytest.approx(15.0, abs=0.02)


def test_a_start_that_is_known_when_its_downbeat_has_gone_by_is_caught_up_with() -> None:
    session = TempoMap(120, 0.0)
    on_the_downbeat = session.seconds(16)
    messages = handed_on(
        4.0, 12.0, (0.0, session, False, 0.0), (on_the_downbeat + 0.06, session, True, on_the_downbeat)
    )
    assert transport(messages)[1:] == [(session.seconds(16.25), b"\xf2\x01\x00"), (session.seconds(16.25), CONTINUE)]
    assert heard(messages).seconds(0) == pytest.approx(on_the_downbeat, abs=1e-4)


@pytest.mark.parametrize("slow", [0.0, 0.08])
def test_a_tempo_that_peers_change_is_gone_along_with(slow: float) -> None:
    """Their new tempo is known a little later than it holds."""
    session = TempoMap(120, 0.0)
    faster = session.bent(6.0, 140)
    messages = handed_on(4.0, 20.0, (0.0, session, False, 0.0), (6.0 + slow, faster, False, 0.0))
    assert [m for _, m in messages if m != CLOCK] == [START]
    assert heard(messages).seconds(40) == pytest.approx(faster.seconds(40), abs=0.001)
    assert all(before <= after for (before, _), (after, _) in pairwise(messages))


def test_on_joining_another_session_the_bars_go_on_from_its_next_downbeat() -> None:
    own, theirs = TempoMap(120, 0.0), TempoMap(100, -1000.37)
    messages = handed_on(4.0, 20.0, (0.0, own, False, 0.0), (9.1, theirs, False, 0.0))
    downbeat = theirs.seconds(4 * -(-theirs.beat(9.1) // 4))
    said = transport(messages)
    assert [m for _, m in said] == [START, STOP, b"\xf2\x50\x00", CONTINUE]  # in bar 5 of 4/4 then, so on from bar 6
    assert said[2][0] == downbeat
    assert heard(messages).seconds(20) == pytest.approx(downbeat, abs=1e-4)


def test_a_session_that_is_found_before_bar_1_gives_bar_1() -> None:
    own, theirs = TempoMap(120, 0.0), TempoMap(100, -1000.37)
    messages = handed_on(4.0, 9.0, (0.2, own, False, 0.0), (0.9, theirs, False, 0.0))
    assert transport(messages) == [(theirs.seconds(4 * -(-theirs.beat(0.9) // 4)), START)]


def test_without_link_it_is_said_in_one_line_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "link", None)
    with pytest.raises(SettingError, match=r"pip install 'sideslip\[link\]'"):
        LinkPeer(Meter(4, 4), 120.0)
