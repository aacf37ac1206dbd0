"""The ledger of sounding notes: every note that begins is ended, whatever comes in."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.band.events import Sound
from sideslip.stage.recorder import Recorder
from sideslip.stage.schedule import Cue, Schedule


def sound(on: float, off: float, pitch: int = 60, part: str = "partner", channel: int = 0) -> Sound:
    return Sound(on, off, part, channel, pitch, 80)


def told(cues: Iterable[Cue]) -> list[tuple[float, str, int]]:
    """A performance as a list to compare: (moment, "on" or "off", pitch)."""
    return [(cue.due, "on" if cue.message[0] & 0xF0 == 0x90 else "off", cue.message[1]) for cue in cues]


def test_notes_come_out_in_order_with_their_ends() -> None:
    schedule = Schedule()
    schedule.push([sound(2.0, 3.0, 62), sound(1.0, 2.0, 60)])
    assert schedule.next_due == 1.0
    assert told(schedule.due(0.9)) == []
    assert told(schedule.due(1.0)) == [(1.0, "on", 60)]
    assert told(schedule.due(2.5)) == [(2.0, "off", 60), (2.0, "on", 62)]
    assert schedule.next_due == 3.0
    assert told(schedule.due(9.0)) == [(3.0, "off", 62)]
    assert schedule.next_due is None


def test_messages_are_whole_midi() -> None:
    schedule = Schedule()
    schedule.push([Sound(0.0, 1.0, "bass", 3, 40, 99)])
    assert [c.message for c in (*schedule.due(0.0), *schedule.due(1.0))] == [b"\x93\x28\x63", b"\x83\x28\x40"]


def test_striking_a_sounding_note_again_ends_it_first_and_its_old_end_is_stale() -> None:
    schedule = Schedule()
    schedule.push([sound(0.0, 2.0), sound(1.0, 4.0)])
    schedule.due(0.0)
    assert told(schedule.due(1.0)) == [(1.0, "off", 60), (1.0, "on", 60)]
    assert told(schedule.due(3.0)) == []
    assert told(schedule.due(4.0)) == [(4.0, "off", 60)]


def test_the_same_pitch_on_another_channel_is_another_note() -> None:
    schedule = Schedule()
    schedule.push([sound(0.0, 2.0), sound(1.0, 2.0, channel=1)])
    schedule.due(0.0)
    assert told(schedule.due(1.0)) == [(1.0, "on", 60)]


def test_a_note_whose_end_has_passed_is_not_struck() -> None:
    schedule = Schedule()
    schedule.push([sound(0.0, 1.0, 60), sound(0.5, 3.0, 62)])
    assert told(schedule.due(2.0)) == [(0.5, "on", 62)]


def test_hush_ends_one_part_and_forgets_what_it_had_to_play() -> None:
    schedule = Schedule()
    schedule.push([sound(0.0, 4.0, 60), sound(2.0, 4.0, 62), sound(0.0, 4.0, 36, "bass", 1)])
    schedule.due(0.0)
    schedule.hush("partner", 1.0)
    assert told(schedule.due(9.0)) == [(1.0, "off", 60), (4.0, "off", 36)]


def test_hush_ahead_of_time_lets_play_until_then() -> None:
    schedule = Schedule()
    schedule.push([sound(1.0, 4.0, 60), sound(2.0, 4.0, 62), sound(3.0, 4.0, 64)])
    schedule.hush("partner", 2.5)
    schedule.push([sound(2.5, 3.5, 65)])
    cues = [cue for tenth in range(60) for cue in schedule.due(tenth / 10)]
    assert told(cues) == [
        (1.0, "on", 60),
        (2.0, "on", 62),
        (2.5, "off", 60),
        (2.5, "off", 62),
        (2.5, "on", 65),
        (3.5, "off", 65),
    ]


def test_hush_that_comes_late_ends_no_note_before_it_began() -> None:
    schedule = Schedule()
    schedule.push([sound(1.0, 4.0, 60)])
    assert told(schedule.due(2.0)) == [(1.0, "on", 60)]
    schedule.hush("partner", 0.5)
    assert told(schedule.due(2.0)) == [(1.0, "off", 60)]


def test_silence_ends_everything() -> None:
    schedule = Schedule()
    schedule.push([sound(0.0, 4.0, 60), sound(0.0, 4.0, 64), sound(2.0, 4.0, 62)])
    schedule.due(0.0)
    assert told(schedule.silence(1.0)) == [(1.0, "off", 60), (1.0, "off", 64)]
    assert told(schedule.due(9.0)) == []


def test_what_is_to_come_is_counted_until_it_begins() -> None:
    schedule = Schedule()
    schedule.push([sound(0.0, 4.0, 60), sound(2.0, 4.0, 62), sound(2.0, 4.0, 64, "bass")])
    assert schedule.to_come == 3
    schedule.due(0.0)
    assert schedule.to_come == 2
    schedule.hush("bass", 1.0)
    assert schedule.to_come == 1


def test_release_ends_what_sounds_and_keeps_what_is_to_come() -> None:
    schedule = Schedule()
    schedule.push([sound(0.0, 4.0, 60), sound(2.0, 3.0, 62)])
    schedule.due(0.0)
    assert told(schedule.release(1.0)) == [(1.0, "off", 60)]
    assert told(schedule.due(9.0)) == []
    schedule.push([sound(9.5, 10.0, 64)])
    assert told(schedule.due(9.5)) == [(9.5, "on", 64)]


@pytest.mark.parametrize(
    "wrong",
    [
        Sound(0.0, 1.0, "partner", 16, 60, 80),
        Sound(0.0, 1.0, "partner", 0, 128, 80),
        Sound(0.0, 1.0, "partner", 0, 60, 0),
        Sound(float("nan"), 1.0, "partner", 0, 60, 80),
        Sound(0.0, float("inf"), "partner", 0, 60, 80),
    ],
)
def test_what_midi_cannot_play_is_refused_whole(wrong: Sound) -> None:
    schedule = Schedule()
    with pytest.raises(ValueError, match="a sound needs channel"):
        schedule.push([sound(0.0, 1.0), wrong])
    assert schedule.next_due is None


moments = st.integers(0, 40).map(lambda n: n / 4)
sounds = st.builds(
    Sound, moments, moments, st.sampled_from(["partner", "bass"]), st.integers(0, 1), st.integers(60, 63), st.just(80)
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("push"), st.lists(sounds, max_size=6)),
        st.tuples(st.just("hush"), moments),
        st.tuples(st.just("due"), moments),
        st.tuples(st.sampled_from(["silence", "release"]), moments),
    ),
    max_size=30,
)


def perform(script: list[tuple[str, object]]) -> list[Cue]:
    """Run a script of calls as time goes on, then a silence: everything that was sent."""
    schedule, sent, now = Schedule(), list[Cue](), 0.0
    for name, value in script:
        if name == "push":
            schedule.push(value)  # type: ignore[arg-type]
        elif name == "hush":
            schedule.hush("partner", value)  # type: ignore[arg-type]
        else:
            now += value  # type: ignore[operator]
            sent += {"due": schedule.due, "silence": schedule.silence, "release": schedule.release}[name](now)
    return sent + schedule.silence(now)


@given(steps)
def test_every_note_on_is_ended_exactly_once_and_never_doubled(script: list[tuple[str, object]]) -> None:
    sounding: dict[tuple[int, int], float] = {}  # and since when
    for cue in perform(script):
        status, pitch, _ = cue.message
        key = status & 0x0F, pitch
        if status & 0xF0 == 0x90:
            assert key not in sounding
            sounding[key] = cue.due
        else:
            assert sounding.pop(key) <= cue.due
    assert not sounding


@given(st.lists(sounds, max_size=8, unique_by=lambda s: (s.channel, s.pitch)))
def test_notes_that_do_not_meet_sound_exactly_as_planned(planned: list[Sound]) -> None:
    schedule = Schedule()
    schedule.push(planned)
    cues = [cue for quarter in range(44) for cue in schedule.due(quarter / 4)]
    want = [(s.on, 0x90 | s.channel, s.pitch) for s in planned if s.off > s.on]
    want += [(s.off, 0x80 | s.channel, s.pitch) for s in planned if s.off > s.on]
    assert sorted((cue.due, *cue.message[:2]) for cue in cues) == sorted(want)


class Hand:
    """A moment moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_recorder_keeps_what_sounded() -> None:
    now = Hand()
    recorder = Recorder(now)
    recorder.play([sound(1.0, 2.0, 60), sound(3.0, 9.0, 62), sound(5.0, 6.0, 64), sound(0.0, 9.0, 36, "bass", 1)])
    now.now = 4.0
    recorder.hush("partner", 4.0)
    now.now = 8.0
    recorder.close()
    assert recorder.sounds == (sound(0.0, 8.0, 36, "bass", 1), sound(1.0, 2.0, 60), sound(3.0, 4.0, 62))


def test_recorder_hushed_late_keeps_no_note_that_ends_before_it_begins() -> None:
    now = Hand()
    recorder = Recorder(now)
    recorder.play([sound(1.0, 4.0, 60)])
    now.now = 2.0
    recorder.hush("partner", 0.5)
    recorder.close()
    assert recorder.sounds == (sound(1.0, 1.0, 60),)


def test_recorder_keeps_what_had_sounded_before_a_panic() -> None:
    now = Hand()
    recorder = Recorder(now)
    recorder.play([sound(1.0, 5.0, 60), sound(3.0, 5.0, 62, "bass", 1), sound(4.5, 5.0, 64)])
    now.now = 4.0
    recorder.panic()
    recorder.play([sound(6.0, 7.0, 65)])
    now.now = 8.0
    recorder.close()
    assert recorder.sounds == (sound(1.0, 4.0, 60), sound(3.0, 4.0, 62, "bass", 1), sound(6.0, 7.0, 65))


def test_recorder_begins_a_late_note_when_it_is_asked_for() -> None:
    now = Hand()
    recorder = Recorder(now)
    now.now = 2.0
    recorder.play([sound(1.0, 3.0, 60), sound(1.0, 1.5, 62)])
    now.now = 9.0
    recorder.close()
    assert recorder.sounds == (sound(2.0, 3.0, 60),)
