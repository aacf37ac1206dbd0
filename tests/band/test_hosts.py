"""A partner in a host: it counts bars with the host's transport, and what hosts send to synths means nothing to it."""

from dataclasses import replace
from itertools import chain

import pytest

from sideslip.band.settings import GigSettings
from sideslip.listen.tempo import TempoMap
from sideslip.testing import notes
from sideslip.testing.hosts import HOSTS, HUSH, RESET, Host, Timed, transport

from .players import BLUES, Part, eighths, play, runs, said

CLOCKED = GigSettings(BLUES, timing="clock")
STEADY = GigSettings(BLUES, tempo=120.0, ends=BLUES.length)
EVERY_WAY = pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS.keys())


def script(messages: list[Timed]) -> Part:
    return said(*messages)


def bursts(words: tuple[bytes, ...], begin: float, end: float, every: float) -> Part:
    """What a host sends to all its synths, over and over."""
    count = round((end - begin) / every)
    return said(*((begin + n * every + k * 1e-5, word) for n in range(count) for k, word in enumerate(words)))


@EVERY_WAY
@pytest.mark.parametrize("jump", [0, 4])
def test_in_a_cycle_of_eight_bars_fours_stay_in_their_place(host: Host, jump: int) -> None:
    """Round and round bars 1 to 8 or, where a host can jump anywhere, 2 to 8: bars 5 to 8 are the partner's."""
    top = 0 if host.jump == HOSTS["starts at a jump to the top"].jump else jump
    messages, stretches = transport(host, 120, (0, 32), (top, 32), (top, 32))
    calls = chain.from_iterable(eighths(stretch.tempo, 2 + top, 15) for stretch in stretches)
    performance, _ = play(CLOCKED, script(messages), tuple(calls), proposer=runs(), stop_at=stretches[-1].end + 3)
    assert [decided.turn.start for decided in performance.decided] == [16 * 12] * 3
    assert all(len(decided.turn.call) > 15 for decided in performance.decided)
    for stretch in stretches:
        sounds = [s for s in performance.part("partner") if stretch.begin <= s.on < stretch.end]
        beats = [stretch.tempo.beat(sound.on) for sound in sounds]
        assert beats[0] == pytest.approx(16, abs=0.01) and len(beats) > 7
        assert all(sound.off <= stretch.end + 0.001 for sound in sounds)


@EVERY_WAY
def test_at_a_stop_it_is_silent_and_after_it_goes_on_in_the_bar_where_the_host_does(host: Host) -> None:
    messages, (first, second) = transport(host, 120, (0, 18.5), (12, 36), pause=4.0)
    performance, _ = play(
        CLOCKED, script(messages), eighths(first.tempo, 0, 15), eighths(second.tempo, 12, 15), stop_at=second.end + 9
    )
    assert [decided.turn.start for decided in performance.decided] == [16 * 12] * 2
    before = [sound for sound in performance.part("partner") if sound.on < first.end]
    after = [second.tempo.beat(s.on) for s in performance.part("partner") if s.on > first.end]
    assert before and max(sound.off for sound in before) <= first.end
    assert after[0] == pytest.approx(16, abs=0.01) and max(after) < 36


@pytest.mark.parametrize("words", [RESET, HUSH], ids=["reset", "hush"])
@pytest.mark.parametrize("gig", [STEADY, replace(STEADY, trade=1, rhythm=True), replace(STEADY, trade="duet")])
def test_what_a_host_sends_to_all_channels_changes_nothing(gig: GigSettings, words: tuple[bytes, ...]) -> None:
    tempo = TempoMap(120, 1.0)
    phrases = [eighths(tempo, begin, begin + 3.5) for begin in (0, 8, 16, 32)]
    plain, _ = play(gig, *phrases)
    noisy, _ = play(gig, *phrases, bursts(words, 0.3, 24.0, 0.37))
    assert noisy.sounds == plain.sounds
    assert [decided.turn.call.pitches for decided in noisy.decided] == [d.turn.call.pitches for d in plain.decided]


@pytest.mark.parametrize("words", [RESET, HUSH], ids=["reset", "hush"])
def test_a_note_that_is_held_through_a_reset_is_still_being_said(words: tuple[bytes, ...]) -> None:
    gig = replace(STEADY, trade="free")
    held = notes((1.0, 1.45, 72), (1.5, 3.2, 74))  # until beat 4.4
    plain, _ = play(gig, held)
    noisy, _ = play(gig, held, bursts(words, 1.6, 2.5, 0.3))
    assert [decided.turn.start for decided in noisy.decided] == [decided.turn.start for decided in plain.decided]
    assert plain.decided[0].turn.start > 4.4 * 12


def test_a_host_that_resets_before_anybody_has_played_begins_nothing() -> None:
    for timing in ("steady", "tap", "follow", "clock"):
        gig = replace(STEADY, timing=timing, rhythm=True)  # type: ignore[arg-type]
        performance, _ = play(gig, bursts((*RESET, *HUSH), 0.3, 5.0, 0.5), stop_at=6.0)
        assert performance.sounds == () and performance.decided == ()


@pytest.mark.parametrize("begin", [0.2, 3.0, 14.0])
def test_after_a_flood_of_clocks_the_next_phrase_is_answered_on_its_line(begin: float) -> None:
    """A thousand a second for two seconds, before the start, in the call and in the answer."""
    messages, (stretch,) = transport(HOSTS["stops and goes on at a jump"], 120, (0, 64), begin=2.5)
    flood = said(*((begin + n / 1000 + 3e-5, b"\xf8") for n in range(2000)))
    calls = (*eighths(stretch.tempo, 0, 15), *eighths(stretch.tempo, 32, 47))
    performance, _ = play(CLOCKED, script(messages), flood, calls, stop_at=stretch.end)
    assert [decided.turn.start for decided in performance.decided] == [16 * 12, 48 * 12]
    later = [beat for sound in performance.part("partner") if (beat := stretch.tempo.beat(sound.on)) > 40]
    assert later[0] == pytest.approx(48, abs=0.02)
