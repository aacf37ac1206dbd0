"""The partner at a gig on the virtual clock: on time, in turn, in conversation, never silent for want of ideas."""

from dataclasses import replace

import pytest

from sideslip.band.events import Ask, Command, Event, Finished, Heard, Hush, Ideas, Sound, Stopped, Woken
from sideslip.band.invention import DECIDE_AHEAD
from sideslip.band.partner import Partner
from sideslip.band.settings import GigSettings
from sideslip.errors import SettingError
from sideslip.listen.hands import TOGETHER
from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.dialogue import Idea, Turn
from sideslip.music.meter import Meter
from sideslip.music.phrase import Note, Phrase
from sideslip.outside.controller import Controller
from sideslip.outside.tables import ListeningTables
from sideslip.propose.licks import LickProposer
from sideslip.testing import Performance, ScriptedProposer, rehearse

BAR = 48
BLUES = Changes(
    tuple(BAR * bar for bar in (0, 4, 6, 8, 9, 10, 11)),
    tuple(map(parse_chord, ("F7", "Bb7", "F7", "Gm7", "C7", "F7", "C7"))),
    12 * BAR,
)
GIG = GigSettings(BLUES, tempo=120.0, trade=4, starts_at=0.0, ends=12 * BAR)
BEAT = 0.5  # s at 120


def partner(gig: GigSettings) -> Partner:
    return Partner(gig, Controller(ListeningTables.unlearnt()), LickProposer())


def line(*beats_and_pitches: tuple[float, int], length: float = 0.9) -> list[Heard]:
    """Quarter notes at 120, begun at beats from bar 1."""
    heard = []
    for beat, pitch in beats_and_pitches:
        heard.append(Heard(beat * BEAT, bytes((0x90, pitch, 80))))
        heard.append(Heard((beat + length) * BEAT, bytes((0x80, pitch, 0))))
    return sorted(heard, key=lambda event: event.at)


def at_tempo(heard: list[Heard], tempo: float) -> list[Heard]:
    return [replace(event, at=event.at * 120 / tempo) for event in heard]


CALL = line(*((beat, 60 + beat % 7) for beat in range(14)))


class Watch:
    """Keeps everything that passes."""

    def __init__(self) -> None:
        self.seen: list[Event | Command] = []

    def __call__(self, what: Event | Command) -> None:
        self.seen.append(what)

    def all(self, kind: type) -> list:
        return [what for what in self.seen if isinstance(what, kind)]


def play(gig: GigSettings, heard: list[Heard], proposer=None, **options) -> tuple[Performance, Watch]:
    watch = Watch()
    performance = rehearse(partner(gig), heard, proposer or ScriptedProposer(), listeners=[watch], **options)
    return performance, watch


def answers(performance: Performance) -> tuple[Sound, ...]:
    return performance.part("partner")


def test_in_fours_the_answer_begins_on_the_line_of_bar_5_and_is_over_by_bar_9() -> None:
    performance, _ = play(GIG, CALL)
    sounds = answers(performance)
    assert sounds[0].on == pytest.approx(16 * BEAT, abs=1e-9)
    assert max(sound.off for sound in sounds) <= 32 * BEAT + 1e-9
    assert len(performance.decided) == 1


def test_every_second_turn_is_the_partners_over_two_choruses() -> None:
    performance, _ = play(replace(GIG, ends=24 * BAR), CALL)
    assert [decided.turn.start // BAR for decided in performance.decided] == [4, 12, 20]


def test_a_last_turn_is_cut_to_the_end_of_the_gig() -> None:
    performance, watch = play(replace(GIG, ends=6 * BAR), CALL)
    assert performance.decided[0].turn.end == 6 * BAR
    assert [event.at for event in watch.all(Finished)] == [24 * BEAT]


def test_the_answer_knows_the_very_last_note_of_the_call() -> None:
    late = line((15.5, 71), length=0.2)
    performance, _ = play(GIG, CALL + late)
    assert performance.decided[0].turn.call.pitches[-1] == 71


def test_ideas_are_asked_for_a_bar_ahead_and_again_if_more_was_said() -> None:
    proposer = ScriptedProposer()
    play(GIG, CALL + line((15, 70)), proposer)
    assert [len(turn.call) for turn in proposer.turns] == [12, 15]


def test_nothing_new_means_nothing_is_asked_again() -> None:
    proposer = ScriptedProposer()
    play(GIG, CALL[:8], proposer)
    assert len(proposer.turns) == 1


def test_ideas_that_come_too_late_are_dropped_and_licks_answer_on_time() -> None:
    performance, _ = play(GIG, CALL, delay=30.0)
    choice = performance.decided[0].choice
    assert {scored.idea.source for scored in choice.scored} == {"lick"}
    assert answers(performance)[0].on == pytest.approx(16 * BEAT)


def test_a_proposer_without_ideas_is_answered_for_too() -> None:
    class Silent:
        def propose(self, turn: Turn, seed: int) -> tuple[Idea, ...]:
            return ()

    performance, _ = play(GIG, CALL, Silent())
    assert answers(performance)[0].on == pytest.approx(16 * BEAT)


def test_without_a_given_start_bar_1_begins_with_the_first_note() -> None:
    heard = [replace(event, at=event.at + 3.21) for event in CALL]
    performance, _ = play(replace(GIG, starts_at=None), heard)
    assert answers(performance)[0].on == pytest.approx(3.21 + 16 * BEAT)


def test_before_the_first_note_nothing_is_played_and_the_player_may_leave() -> None:
    performance, _ = play(replace(GIG, starts_at=None), [], stop_at=5.0)
    assert performance.sounds == () and performance.end == 5.0


def test_freely_the_answer_follows_a_rest_of_a_beat_on_the_next_beat() -> None:
    gig = replace(GIG, trade="free")
    performance, _ = play(gig, line((0, 60), (1, 62), (2, 64)))
    (decided,) = performance.decided
    assert decided.turn.start == 48  # the last note is over at beat 2.9, the rest is felt at 3.9
    assert decided.turn.call.pitches == (60, 62, 64)


def test_freely_an_answer_is_as_long_as_the_call_and_leaves_the_player_room() -> None:
    gig = replace(GIG, trade="free", ends=24 * BAR)
    calls = [replace(event, at=event.at + 12 * k * BEAT) for k in range(4) for event in line((0, 60), (1, 62), (2, 64))]
    performance, _ = play(gig, calls)
    assert [decided.turn.end - decided.turn.start for decided in performance.decided] == [48] * 4
    assert [decided.turn.start // 12 for decided in performance.decided] == [4, 16, 28, 40]


def test_freely_a_rest_that_ends_on_a_beat_is_answered_on_that_beat() -> None:
    performance, _ = play(replace(GIG, trade="free"), line((0, 60), (1, 62), (2, 64), length=1.0))
    assert performance.decided[0].turn.start == 48


def test_by_ear_nothing_is_asked_for_while_the_player_goes_on() -> None:
    proposer = ScriptedProposer()
    legato = line(*((beat / 2, 60 + beat % 7) for beat in range(60)), length=0.5)
    for tempo in (90, 120, 180, 300):
        play(replace(GIG, trade="free", tempo=tempo, ends=24 * BAR), at_tempo(legato, tempo), proposer)
    assert len(proposer.turns) == 4


@pytest.mark.parametrize(("ends", "answers"), [(48, []), (60, [60]), (144, [96])])
def test_freely_no_answer_reaches_beyond_the_end_of_the_gig(ends: int, answers: list[int]) -> None:
    performance, _ = play(replace(GIG, trade="free", ends=ends), line((0, 60), (1, 62), (2, 64)))
    assert [decided.turn.end for decided in performance.decided] == answers


def test_freely_each_phrase_is_answered_once() -> None:
    gig = replace(GIG, trade="free", ends=24 * BAR)
    second = [replace(event, at=event.at + 12.0) for event in line((0, 65), (1, 67))]
    performance, _ = play(gig, line((0, 60), (1, 62), (2, 64)) + second)
    assert [decided.turn.call.pitches for decided in performance.decided] == [(60, 62, 64), (65, 67)]


def test_a_pause_that_was_only_a_breath_is_not_answered() -> None:
    gig = replace(GIG, trade="free")
    performance, _ = play(gig, line((0, 60), (1, 62), (2.7, 64), (3.5, 65)))
    assert performance.decided[0].turn.call.pitches == (60, 62, 64, 65)


def test_freely_what_is_said_during_an_answer_is_answered_next() -> None:
    gig = replace(GIG, trade="free", ends=24 * BAR)
    performance, _ = play(gig, line((0, 60), (1, 62), (2, 64), (5, 70), (6, 72)))
    assert [decided.turn.call.pitches for decided in performance.decided] == [(60, 62, 64), (70, 72)]


def test_freely_a_player_who_comes_back_before_the_answer_is_not_talked_over() -> None:
    gig = replace(GIG, trade="free")
    performance, _ = play(gig, line((0, 60), (1.2, 62), (2.4, 64), (4.5, 65), (5.5, 67)))
    assert [decided.turn.call.pitches for decided in performance.decided] == [(60, 62, 64, 65, 67)]


@pytest.mark.parametrize("trade", ["free", "duet"])
def test_a_held_pedal_or_a_lost_note_off_does_not_silence_the_partner(trade: str) -> None:
    pedal = [Heard(0.0, b"\xb0\x40\x7f")]
    performance, _ = play(replace(GIG, trade=trade), pedal + line((0, 60), (1, 62), (2, 64)))
    lost, _ = play(replace(GIG, trade=trade), line((0, 60), (1, 62), (2, 64))[:-1])
    assert len(performance.decided) == len(lost.decided) == 1


@pytest.mark.parametrize("entry", [5.4, 5.5, 5.57, 5.6, 5.66])
def test_in_a_duet_the_note_with_which_the_player_comes_in_is_answered_too(entry: float) -> None:
    gig = replace(GIG, trade="duet")
    comeback = line((entry, 70), (entry + 0.43, 72), (entry + 1, 74), length=0.3)
    performance, _ = play(gig, line((0, 60), (1, 62), (2, 64)) + comeback)
    assert performance.decided[1].turn.call.pitches == (70, 72, 74)


def test_one_slow_answer_does_not_make_the_next_turn_deaf() -> None:
    band = partner(replace(GIG, ends=24 * BAR))
    again = [replace(event, at=event.at + 32 * BEAT) for event in CALL]
    slow = Ideas(10.0, 1, (), 3.5)
    performance = rehearse(band, [*CALL, *again, slow], ScriptedProposer())  # type: ignore[arg-type]
    asked = [event for event in performance.events if isinstance(event, Ideas)]
    assert len(asked) >= 3
    assert len(performance.decided[1].turn.call) == 14


def test_a_bar_of_one_beat_is_a_bar() -> None:
    ones = Changes((0,), (parse_chord("C7"),), 12, Meter(1, 4))
    performance, _ = play(GigSettings(ones, starts_at=0.0, ends=96, trade=4, rhythm=True), CALL[:4])
    assert len({sound.on for sound in performance.part("bass")}) == 8


def test_in_a_duet_the_partner_lays_out_at_once_when_the_player_comes_in() -> None:
    gig = replace(GIG, trade="duet")
    entry = line((5.5, 72))
    performance, watch = play(gig, line((0, 60), (1, 62), (2, 64)) + entry)
    clear = 5.5 * BEAT + TOGETHER  # that it is no voicing
    assert [hush.part for hush in watch.all(Hush) if hush.at == pytest.approx(clear)] == ["partner"]
    first = [sound for sound in answers(performance) if sound.on < clear]
    assert first and max(sound.off for sound in first) <= clear + 1e-9


def test_what_was_not_played_is_not_remembered() -> None:
    gig = replace(GIG, trade="duet")
    performance, _ = play(gig, line((0, 60), (1, 62), (5.5, 72)))
    first, second = (decided.turn for decided in performance.decided)
    assert second.partner.notes and all(first.start <= note.onset and note.end <= 66 for note in second.partner)


def test_the_dial_counts_from_the_moment_it_is_turned() -> None:
    from sideslip.band.events import Turned

    gig = replace(GIG, ends=24 * BAR)
    band, heard = partner(gig), [*CALL, Turned(17 * BEAT, "outside", 0.9)]
    performance = rehearse(band, heard, ScriptedProposer())  # type: ignore[arg-type]
    assert [decided.turn.dial for decided in performance.decided] == [0.4, 0.9, 0.9]


def test_leaving_hushes_everything_at_once() -> None:
    performance, watch = play(replace(GIG, rhythm=True, ends=None), CALL, stop_at=17.2 * BEAT)
    assert all(sound.off <= 17.2 * BEAT + 1e-9 for sound in performance.sounds)
    assert isinstance(watch.seen[-1], Finished)


def test_bass_and_drums_play_every_bar_of_the_gig() -> None:
    performance, _ = play(replace(GIG, rhythm=True), CALL)
    bars = {int(sound.on / (4 * BEAT) + 1e-6) for sound in performance.part("bass")}
    assert bars == set(range(12))
    assert performance.part("drums")[0].on == pytest.approx(0.0)


def test_the_same_seed_gives_the_same_performance() -> None:
    once, again = (play(GIG, CALL, LickProposer())[0] for _ in range(2))
    assert once == again


def test_drums_on_channel_10_are_no_line_to_answer() -> None:
    drums = [replace(event, message=bytes((event.message[0] | 9, *event.message[1:]))) for event in CALL]
    performance, _ = play(GIG, drums)
    assert performance.decided[0].turn.call == Phrase()


@pytest.mark.parametrize("rubbish", [b"", b"\xf8", b"\xfe", b"\xf0\x01\xf7", b"\x90", b"\x3c\x40", b"\x90\xff\xff"])
def test_rubbish_between_the_notes_changes_nothing(rubbish: bytes) -> None:
    noisy = sorted([*CALL, *(Heard(k * 0.013, rubbish) for k in range(800))], key=lambda event: event.at)
    assert play(GIG, noisy)[0].sounds == play(GIG, CALL)[0].sounds


def test_after_the_end_nothing_is_done() -> None:
    band = partner(GIG)
    band.handle(Stopped(1.0))
    assert band.handle(Heard(2.0, b"\x90\x3c\x40")) == [] and band.wake_at is None


def test_ideas_for_another_turn_are_not_played() -> None:
    class Wrong:
        def propose(self, turn: Turn, seed: int) -> tuple[Idea, ...]:
            return (Idea(Phrase((Note(turn.start + BAR, 60, 6),)), "model"),)

    performance, _ = play(GIG, CALL, Wrong())
    assert performance.decided[0].choice.scored[0].idea.source == "lick"


def test_deciding_leaves_the_time_it_needs() -> None:
    _, watch = play(GIG, CALL)
    moments = [woken.at for woken in watch.all(Woken)]
    assert any(moment == pytest.approx(16 * BEAT - DECIDE_AHEAD) for moment in moments)
    asks, ideas = watch.all(Ask), watch.all(Ideas)
    assert len(asks) == len(ideas)


@pytest.mark.parametrize("dial", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_dial_out_of_range_is_one_clear_line(dial: float) -> None:
    with pytest.raises(SettingError, match=r"0 \(inside\) to 1"):
        GigSettings(BLUES, dial=dial)
