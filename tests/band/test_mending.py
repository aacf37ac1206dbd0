"""Wrong notes at a gig: the player's are answered in the very next phrase, the partner's own are led home."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise, product

import pytest

from sideslip.band.events import Decided, Hush, Mended
from sideslip.band.listening import Listening
from sideslip.band.partner import Partner
from sideslip.band.performing import LOOK, SOON
from sideslip.band.settings import GigSettings
from sideslip.listen.tempo import TempoMap
from sideslip.music.chord import parse_chord
from sideslip.music.devices.amends import WITHIN
from sideslip.music.devices.leading import guide_tones
from sideslip.music.dialogue import Idea, Turn
from sideslip.music.leadsheet import parse_chart
from sideslip.music.phrase import Note, Phrase
from sideslip.music.tension import CHROMATIC, foreign_at, is_tone
from sideslip.outside.controller import Controller
from sideslip.outside.tables import load_tables
from sideslip.propose.ideas import LicksAlone
from sideslip.propose.licks import LickProposer
from sideslip.resources import resource
from sideslip.stage import codec
from sideslip.stage.jsonlines import dump, load_object
from sideslip.stage.rehearsal import replay
from sideslip.testing import Performance, ScriptedProposer, notes, rehearse

from .players import BAR, BLUES, NO_CHART, Part, chosen, comping, eighths, line, of, partner, play

TEMPO = TempoMap(120.0, 0.0)
GIG = GigSettings(BLUES, 120.0, 4, dial=0.4, starts_at=0.0, ends=8 * BAR)

HELD = ((8, 65), (8.5, 69), (9, 72), (9.5, 69))
"""F A C A in bar 3, over F7; what is held after it is not resolved."""


def call(*wrong: int) -> Part:
    """A figure that ends on a note held over F7, and what comes after that."""
    held = notes(*((TEMPO.seconds(10 + 2 * k), TEMPO.seconds(11.5 + 2 * k), pitch) for k, pitch in enumerate(wrong)))
    return (*line(TEMPO, *HELD), *held)


def move(decided: Decided) -> str | None:
    mending = decided.choice.scored[decided.choice.index].idea.mending
    return mending.move if mending else None


# ---------------------------------------------------------------- the player's


@pytest.mark.parametrize("wrong", [66, 68, 64, 61, 71])
def test_in_fours_the_next_answer_begins_with_a_move_and_says_so(wrong: int) -> None:
    performance, _ = play(GIG, call(wrong), proposer=LicksAlone())
    (decided,) = performance.decided
    assert [m.note.pitch for m in decided.turn.mistakes] == [wrong]
    assert move(decided) and decided.choice.why.split()[0] in ("resolves", "echoes", "hears", "takes")
    assert performance.part("partner")[0].on == pytest.approx(TEMPO.seconds(16))


def test_a_note_that_came_home_and_a_line_without_one_are_answered_as_ever() -> None:
    for played in (call(66, 67), call(65)):
        performance, _ = play(GIG, played, proposer=LicksAlone())
        assert [move(decided) for decided in performance.decided] == [None]


@pytest.mark.parametrize("trade", ["free", "duet"])
def test_by_ear_it_is_answered_too(trade: object) -> None:
    performance, _ = play(replace(GIG, trade=trade), call(66), proposer=LicksAlone())  # type: ignore[arg-type]
    assert move(performance.decided[0]) and "Gb" in performance.decided[0].choice.why


class Plain:
    """A proposer that knows nothing of wrong notes."""

    def propose(self, turn: Turn, seed: int) -> tuple[Idea, ...]:
        return LickProposer(6).propose(replace(turn, mistakes=()), seed)


@pytest.mark.parametrize("delay", [0.06, 30.0])
def test_whoever_proposes_and_however_late_it_is_answered(delay: float) -> None:
    performance, _ = play(GIG, call(66), proposer=Plain(), delay=delay)
    assert move(performance.decided[0])


def test_a_wrong_note_at_the_last_moment_is_the_one_that_is_answered() -> None:
    late = notes((TEMPO.seconds(14), TEMPO.seconds(15.9), 66))
    performance, _ = play(GIG, call(64), late, proposer=LicksAlone())
    (decided,) = performance.decided
    mending = decided.choice.scored[decided.choice.index].idea.mending
    assert mending is not None and mending.note.pitch == 66


def test_the_dial_chooses_the_move() -> None:
    judge = Controller(load_tables(resource("models", "listening.safetensors")))
    moves = {dial: Counter[str | None]() for dial in (0.0, 1.0)}
    for dial, seed, wrong in product(moves, range(3), (66, 61, 71, 64)):
        alone = Partner(replace(GIG, dial=dial, seed=seed), judge, LickProposer())
        moves[dial][move(rehearse(alone, call(wrong), LicksAlone()).decided[0])] += 1
    assert moves[0.0]["resolve"] > moves[1.0]["resolve"]
    assert moves[1.0]["reharmonise"] + moves[1.0]["commit"] > moves[0.0]["reharmonise"] + moves[0.0]["commit"]


def test_the_same_gig_is_answered_the_same_also_from_its_journal() -> None:
    first, second = (play(GIG, call(66), proposer=LicksAlone())[0] for _ in range(2))
    assert first == second
    events = [codec.decode_event(load_object(dump(codec.encode_event(event)))) for event in first.events]
    again = replay(partner(GIG), events)
    assert (again.sounds, again.decided) == (first.sounds, first.decided)


# ---------------------------------------------------------------- its own

OVER_F = parse_chart("| F7 | F7 | F7 | F7 | F7 | F7 | F7 | F7 |\n").changes()
B7 = parse_chord("B7")
VAMP = GigSettings(OVER_F, 120.0, 4, starts_at=0.0, ends=8 * BAR)
CALL = eighths(TEMPO, 0, 8, (65, 69, 72, 75))
TURNED = comping(TEMPO, 20, 24, (47, 51, 57, 61))
"""B7 in bar 6, where the chart has F7."""

QUARTERS = (69, 72, 75, 77, 72, 77, 72, 65, 69, 72, 75, 77, 72, 69, 65, 60)
ANSWER = Phrase(tuple(Note(12 * k, pitch, 12) for k, pitch in enumerate(QUARTERS)))
EIGHTHS = Phrase(tuple(Note(6 * k, QUARTERS[k // 2] + 2 * (k % 2), 5) for k in range(32)))
HELD_ON = Phrase((*ANSWER.notes[:4], Note(48, 72, 48), *ANSWER.notes[8:]))


def answered(phrase: Phrase, *parts: Part, gig: GigSettings = VAMP) -> tuple[Performance, list[Mended]]:
    performance, told = play(gig, CALL, *parts, proposer=ScriptedProposer([[Idea(phrase, "model")]]))
    assert of(Mended, told) == list(performance.mended)
    return performance, list(performance.mended)


def sounded(performance: Performance, tempo: TempoMap = TEMPO) -> list[tuple[float, int, float]]:
    """(beat, pitch, beat at which it is over) of the partner's notes."""
    part = performance.part("partner")
    return [(round(tempo.beat(s.on), 2), s.pitch, round(tempo.beat(s.off), 2)) for s in part]


def test_where_the_harmony_stays_the_line_is_what_was_decided() -> None:
    performance, mended = answered(ANSWER)
    assert mended == [] and [pitch for _, pitch, _ in sounded(performance)] == list(QUARTERS)


@pytest.mark.parametrize("phrase", [ANSWER, EIGHTHS, HELD_ON])
@pytest.mark.parametrize("swung", [False, True])
@pytest.mark.parametrize("timing", ["steady", "follow"])
def test_where_it_moves_the_line_stands_by_its_note_and_comes_home(phrase: Phrase, swung: bool, timing: str) -> None:
    gig = replace(VAMP, swung=swung, timing=timing)  # type: ignore[arg-type]
    performance, mended = answered(phrase, TURNED, gig=gig)
    assert mended
    before = sounded(answered(phrase, gig=gig)[0])
    after = sounded(performance)
    first = min(one.line.start for one in mended) / 12
    assert [note[:2] for note in after if note[0] < first - 1] == [note[:2] for note in before if note[0] < first - 1]
    assert [pitch for beat, pitch, _ in after if beat > 25] == [pitch for beat, pitch, _ in before if beat > 25]
    assert all(a[2] <= b[0] + 0.011 for a, b in pairwise(after))  # nothing is doubled, nothing hangs
    for amend in (amend for one in mended for amend in one.amends):
        assert amend.over == B7 and amend.landing.pitch % 12 in guide_tones(B7)
        assert amend.landing.onset - max(amend.note.onset, 20 * 12) <= WITHIN
        assert any(pitch == amend.note.pitch and beat < 24 for beat, pitch, _ in after)  # it was not dropped


def test_no_note_over_the_new_chord_stays_open_for_more_than_two_beats() -> None:
    new = OVER_F.replaced(20 * 12, 24 * 12, B7)
    for phrase in (ANSWER, EIGHTHS, HELD_ON):
        notes = sounded(answered(phrase, TURNED)[0])
        for index, (beat, pitch, _) in enumerate(notes):
            if 21.3 <= beat < 24 and foreign_at(pitch, round(12 * beat), new) >= CHROMATIC:
                ahead = [note for note in notes[index + 1 :] if note[0] <= beat + 2]
                steps = zip(notes[index:], ahead, strict=False)
                assert any(abs(a[1] - b[1]) in (1, 2) and is_tone(b[1], new.at(round(12 * b[0]))) for a, b in steps)


def test_it_is_named_with_note_chord_and_landing() -> None:
    _, (mended,) = answered(ANSWER, TURNED)
    (amend,) = mended.amends
    assert mended.why == "keeps its C over B7 and leads it to D#"
    assert (amend.note.pitch, amend.over, amend.landing.pitch) == (72, B7, 75)
    assert [(n.onset // 12, n.pitch) for n in mended.line][:3] == [(21, 77), (22, 75), (23, 65)]


def test_what_was_played_is_what_is_remembered() -> None:
    gig = replace(VAMP, ends=16 * BAR)
    proposer = ScriptedProposer([[Idea(ANSWER, "model")]])
    again = eighths(TEMPO, 32, 40, (65, 69, 72, 75))
    performance, _ = play(gig, CALL, TURNED, again, proposer=proposer)
    assert performance.mended
    played = proposer.turns[-1].partner
    assert [(n.onset, n.pitch) for n in played] == [
        (round(12 * beat), pitch) for beat, pitch, _ in sounded(performance) if beat < 32
    ]


def test_what_is_on_its_way_to_the_ports_is_let_go() -> None:
    performance, told = play(VAMP, CALL, TURNED, proposer=ScriptedProposer([[Idea(ANSWER, "model")]]))
    (mended,) = performance.mended
    hush = next(hush for hush in of(Hush, told) if hush.part == "partner")
    assert hush.at >= mended.at + SOON and mended.at == pytest.approx(TEMPO.seconds(21) - LOOK)
    assert hush.at == pytest.approx(TEMPO.seconds(mended.line.start / 12))


def test_a_journal_brings_it_back() -> None:
    first, _ = answered(ANSWER, TURNED)
    events = [codec.decode_event(load_object(dump(codec.encode_event(event)))) for event in first.events]
    again = replay(partner(VAMP), events)
    assert again.mended == first.mended != () and again.sounds == first.sounds


def test_an_answer_that_was_broken_off_is_not_mended() -> None:
    gig, turned = replace(VAMP, trade="duet"), comping(TEMPO, 12, 16, (47, 51, 57, 61))
    answers = ScriptedProposer([[Idea(ANSWER, "model")]])
    assert play(gig, CALL, turned, proposer=answers)[0].mended
    performance, told = play(gig, CALL, turned, eighths(TEMPO, 12.2, 28), proposer=answers)
    hush = next(hush for hush in of(Hush, told) if hush.part == "partner")
    assert hush.at < TEMPO.seconds(12.6) and performance.mended == ()
    assert not [beat for beat, _, _ in sounded(performance) if 12.6 < beat < 28]


def test_who_is_lost_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    hears = Listening.belief
    monkeypatch.setattr(Listening, "belief", lambda self, beat: replace(hears(self, beat), stance="lost"))
    performance, mended = answered(ANSWER, TURNED)
    assert mended == [] and [pitch for _, pitch, _ in sounded(performance)] == list(QUARTERS)


def test_without_a_chart_only_the_chord_that_is_heard_counts_and_no_guess() -> None:
    gig = replace(VAMP, changes=NO_CHART)
    chords = comping(TEMPO, 0, 20, (53, 57, 60, 63))  # F7, then B7 for a bar
    _, mended = answered(ANSWER, chords, TURNED, gig=gig)
    assert mended and {amend.over.root for one in mended for amend in one.amends} == {11}
    assert answered(ANSWER, chords, gig=gig)[1] == []
    line = eighths(TEMPO, 20, 32, (64, 68, 71, 73))  # no chord, whatever key it suggests
    assert answered(ANSWER, line, gig=gig)[1] == []


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_doubled_or_hangs_whoever_plays(seed: int) -> None:
    chords = [comping(TEMPO, 16 + 2 * k, 18 + 2 * k, (47 + (5 * k + seed) % 12, 51 + k, 57 + seed)) for k in range(8)]
    performance, _ = play(replace(VAMP, seed=seed, dial=0.9), CALL, *chords, proposer=LicksAlone())
    assert all(sound.off > sound.on for sound in performance.sounds)
    assert all(a[2] <= b[0] + 0.011 for a, b in pairwise(sounded(performance)))
    assert chosen(performance.decided[0]).start == 16 * 12
