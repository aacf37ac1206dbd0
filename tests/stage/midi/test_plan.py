"""What a MIDI process that takes over is told to end and to play."""

from sideslip.band.events import Beat, Hush, Panic, Play, Sound
from sideslip.listen.tempo import TempoMap
from sideslip.stage.midi.plan import Plan


def sound(on: float, off: float, pitch: int = 60, part: str = "partner", channel: int = 0) -> Sound:
    return Sound(on, off, part, channel, pitch, 80)


BASS = sound(0.0, 3.0, 40, "bass", 1)


def plan(*orders: Play | Hush | Panic | Beat, at: float = 0.0) -> Plan:
    made = Plan()
    for order in orders:
        made.note(order, at)
    return made


def test_what_sounded_is_known_and_what_comes_after() -> None:
    made = plan(Play((sound(1.0, 2.0), sound(4.0, 5.0, 62))), Play((BASS,)))
    assert made.sounding(1.5) == ((0, 60), (1, 40))
    assert made.after(1.5) == [Play((sound(4.0, 5.0, 62),))]
    assert made.channels == (0, 1)


def test_what_was_hushed_is_not_played_again() -> None:
    made = plan(Play((sound(0.0, 4.0), sound(2.0, 4.0, 62), BASS)), Hush("partner", 1.0))
    assert made.sounding(1.5) == ((1, 40),)
    assert made.after(0.5) == [Play(())]


def test_after_a_panic_nothing_comes_and_what_sounded_before_is_still_known() -> None:
    made = plan(Play((sound(0.0, 4.0), sound(2.0, 4.0, 62))))
    made.note(Panic(), 1.0)
    made.note(Play((sound(3.0, 4.0, 64),)), 1.5)
    assert made.sounding(0.9) == ((0, 60),)
    assert made.sounding(1.1) == ()
    assert made.after(1.5) == [Play((sound(3.0, 4.0, 64),))]


def test_what_is_long_over_is_forgotten() -> None:
    made = plan(Play((sound(0.0, 1.0),)))
    made.note(Play((sound(60.0, 61.0),)), 60.0)
    assert made.sounding(0.5) == ()


def test_the_newest_beat_is_told_anew_before_the_notes() -> None:
    first, newest = (Beat(TempoMap(bpm, 1.0), 1.0) for bpm in (120, 130))
    made = plan(first, Play((sound(4.0, 5.0),)), newest)
    assert made.after(1.5) == [newest, Play((sound(4.0, 5.0),))]
