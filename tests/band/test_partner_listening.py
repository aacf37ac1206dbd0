"""What the partner hears: a tune without a chart, two hands, the place in the form; and what the proposer is told."""

from dataclasses import replace

import pytest

from sideslip.band.events import Ask, Believed, Decided, Hush
from sideslip.band.settings import GigSettings
from sideslip.listen.hands import TOGETHER
from sideslip.listen.tempo import TempoMap
from sideslip.music.changes import Changes
from sideslip.music.leadsheet import no_chart, parse_chart
from sideslip.music.phrase import Phrase
from sideslip.testing import ScriptedProposer, notes

from .players import BAR, BLUES, NO_CHART, WALTZ, Part, comping, eighths, line, of, play, runs, together

TEMPO = TempoMap(120.0, 0.0)
BY_EAR = GigSettings(NO_CHART, 120.0, starts_at=0.0, ends=24 * BAR)
CHARTED = GigSettings(BLUES, 120.0, starts_at=0.0, ends=24 * BAR)

VOICINGS = {"Dm7": (50, 53, 57, 60), "G7": (43, 53, 59, 62), "Cmaj7": (48, 52, 55, 59), "A7": (45, 55, 61, 64)}
SCALES = {"Dm7": (74, 77, 81, 72), "G7": (71, 74, 77, 79), "Cmaj7": (72, 76, 79, 83), "A7": (73, 76, 81, 79)}


def comped(chords: list[str], begin: float = 0.0) -> Part:
    """A voicing on every beat but the last of each bar."""
    struck = [(begin + 4 * bar + beat, name) for bar, name in enumerate(chords) for beat in range(3)]
    return notes(
        *(
            (TEMPO.seconds(beat) + 0.005 * k, TEMPO.seconds(beat + 0.8), pitch)
            for beat, name in struck
            for k, pitch in enumerate(VOICINGS[name])
        )
    )


def outlined(chords: list[str], begin: float = 0.0) -> Part:
    """The chord tones in eighths."""
    found = ((begin + 4 * bar + k / 2, SCALES[name][k % 4]) for bar, name in enumerate(chords) for k in range(7))
    return line(TEMPO, *found)


def symbols(changes: Changes) -> set[str]:
    return {chord.symbol for chord in changes.chords}


# ---------------------------------------------------------------- no chart

ROUND = ["Dm7", "G7", "Cmaj7", "A7"]


@pytest.mark.parametrize("trade", [1, 4, "free", "duet"])
@pytest.mark.parametrize("who", ["comping", "line", "both", "nobody"])
@pytest.mark.parametrize("rhythm", [False, True])
def test_by_ear_every_kind_of_player_is_answered_on_what_was_heard(trade: object, who: str, rhythm: bool) -> None:
    proposer = ScriptedProposer()
    chords = [comped(ROUND * 6) if who in ("comping", "both") else ()]
    lines = [outlined(ROUND[:3], begin) for begin in range(0, 96, 16)] if who in ("line", "both") else []
    gig = replace(BY_EAR, trade=trade, rhythm=rhythm)  # type: ignore[arg-type]
    performance, told = play(gig, *chords, *lines, proposer=proposer)
    if isinstance(trade, int):
        assert len(performance.decided) == {1: 12, 4: 3}[trade]
    assert bool(performance.decided) == (who in ("line", "both") or isinstance(trade, int))
    assert all(one.belief.expected.symbol == "N.C." for one in of(Believed, told))
    for turn in proposer.turns:
        known = symbols(turn.changes)
        if turn.player.notes or (who == "comping" and turn.start > BAR):
            assert known - {"N.C."}
        if who == "nobody":
            assert known == {"N.C."}
        if who == "comping":
            assert turn.player == Phrase()
    assert bool(performance.part("bass")) == (rhythm and who != "nobody")


def test_by_ear_a_line_alone_tells_its_key_region_and_no_chord() -> None:
    performance, _ = play(BY_EAR, outlined(["Dm7", "G7", "Cmaj7", "Cmaj7"]))
    assert symbols(performance.decided[0].turn.changes) in ({"C6"}, {"Am6"}, {"G6"})


def test_by_ear_a_form_that_came_round_is_what_is_improvised_on() -> None:
    gig = replace(BY_EAR, trade="free", ends=40 * BAR)
    performance, _ = play(gig, comped(ROUND * 8), outlined(ROUND[:3], begin=4 * 24))
    turn = performance.decided[-1].turn
    assert turn.changes.length % (4 * BAR) == 0
    bars = range(turn.start // BAR + 1, turn.start // BAR + 5)  # those to come
    assert sum(turn.changes.at(bar * BAR).root == (2, 7, 0, 9)[bar % 4] for bar in bars) >= 3


def test_without_a_chart_nothing_is_wrong_before_anything_was_heard() -> None:
    performance, _ = play(replace(BY_EAR, trade=1), [])
    assert all(decided.turn.mistakes == () and decided.turn.call == Phrase() for decided in performance.decided)
    assert all(symbols(decided.turn.changes) == {"N.C."} for decided in performance.decided)


def test_a_chart_with_a_rest_in_it_is_a_chart() -> None:
    rest = parse_chart("| F7 | N.C. | F7 | C7 |\n").changes()
    gig = replace(CHARTED, changes=rest, trade=1, ends=4 * BAR, rhythm=True)
    assert gig.charted and not replace(gig, changes=NO_CHART).charted
    performance, _ = play(gig, eighths(TEMPO, 0, 4))
    assert {round(sound.on / 2) for sound in performance.part("bass") if sound.on % 2 == 0} == {0, 2, 3}


# ---------------------------------------------------------------- two hands


def test_the_call_is_the_line_and_not_the_voicings_under_it() -> None:
    hands = together(comping(TEMPO, 0, 16), eighths(TEMPO, 0.5, 15))
    performance, _ = play(CHARTED, hands)
    call = performance.decided[0].turn.call
    assert len(call) == 29 and min(call.pitches) == 72


def test_a_left_hand_that_is_held_does_not_keep_the_phrase_open() -> None:
    gig = replace(CHARTED, trade="free")
    held = notes(*((1.0 + 0.004 * k, 20.0, pitch) for k, pitch in enumerate((48, 52, 55, 58))))
    performance, _ = play(gig, eighths(TEMPO, 0, 2), held, eighths(TEMPO, 2.5, 4))
    alone, _ = play(gig, eighths(TEMPO, 0, 2), eighths(TEMPO, 2.5, 4))
    assert performance.decided[0].turn.start == alone.decided[0].turn.start


def test_a_left_hand_that_comps_on_does_not_keep_the_phrase_open() -> None:
    gig = replace(CHARTED, trade="free")
    performance, _ = play(gig, comping(TEMPO, 0, 40), eighths(TEMPO, 1, 4))
    assert performance.decided[0].turn.start == 60  # silent from beat 3.95 on


def test_comping_under_an_answer_in_a_duet_does_not_hush_it_but_a_line_does() -> None:
    gig = replace(CHARTED, trade="duet")
    hands = [comping(TEMPO, 0, 40), eighths(TEMPO, 1, 4)]
    performance, told = play(gig, *hands, proposer=runs())
    assert [sound.pitch for sound in performance.part("partner")] == list(range(60, 68))
    assert len([hush for hush in of(Hush, told) if hush.part == "partner"]) == 1  # at the very end
    back = TEMPO.seconds(6.3)
    performance, told = play(gig, *hands, line(TEMPO, (6.3, 76)), proposer=runs())
    hush = next(hush for hush in of(Hush, told) if hush.part == "partner")
    assert back < hush.at <= back + TOGETHER  # once it is clear that it is no voicing
    first = [sound for sound in performance.part("partner") if sound.on < hush.at]
    assert [sound.pitch for sound in first] == [60, 61, 62] and max(sound.off for sound in first) <= hush.at


@pytest.mark.parametrize("before", [0.005, 0.045, 0.095, 0.12])
def test_a_line_that_goes_on_just_before_an_answer_would_begin_is_not_talked_over(before: float) -> None:
    gig = replace(CHARTED, trade="free")
    again = line(TempoMap(120, 2.5 - before), (0, 76), (0.6, 77), (1.2, 79))  # the answer would begin at 2.5 s
    performance, _ = play(gig, eighths(TEMPO, 0, 4), again)
    if before > 0.09:  # it is decided 50 ms ahead, and 40 more are kept for what may turn out to be a voicing
        assert performance.decided[0].turn.call.pitches[-3:] == (76, 77, 79)
    else:  # too late for this turn
        assert (performance.decided[0].turn.start, performance.decided[0].turn.call.pitches[-1]) == (60, 76)
    chord = notes(*((2.5 - before, 3.0, pitch) for pitch in (48, 52, 55)))
    performance, _ = play(gig, eighths(TEMPO, 0, 4), chord)
    assert performance.decided[0].turn.start == 60
    assert performance.part("partner")[0].on == pytest.approx(2.5)


def test_a_channel_of_its_own_for_the_voicings_changes_nothing() -> None:
    gig = replace(CHARTED, trade="free")
    chords = notes(*((2.0 * k, 2.0 * k + 1, pitch) for k in range(9) for pitch in (48, 52, 55, 58)), channel=3)
    performance, _ = play(gig, chords, eighths(TEMPO, 1, 4))
    assert performance.decided[0].turn.start == 60
    assert set(performance.decided[0].turn.call.pitches) == {72, 74, 76, 77, 79}


# ---------------------------------------------------------------- anywhere in the form

TUNE = parse_chart(
    "| Cmaj7 | % | Fmaj7 | % | Bbmaj7 | % | Ebmaj7 | % |\n| Abm7 | Db7 | Gbmaj7 | % | Bm7 | E7 | Amaj7 | G7 |\n"
).changes()


def chorus(changes: Changes, bars: range) -> Part:
    """Voicings of the chart's bars from the root up, and a line of chord tones over them, from the first bar on."""
    played = []
    for count, bar in enumerate(bars):
        chord = changes.at(bar * changes.meter.bar)
        low = 43 + (chord.root - 43) % 12
        tones = sorted(low + (tone - chord.root) % 12 for tone in chord.tones)
        for beat in (0, 2):
            at = TEMPO.seconds(4 * count + beat)
            played += [(at + 0.004 * k, at + 0.9, tone) for k, tone in enumerate(tones)]
        for k, tone in enumerate((*chord.tones[1:], chord.root)):
            at = TEMPO.seconds(4 * count + 0.5 + k)
            played.append((at, at + 0.4, 72 + tone))
    return notes(*sorted(played))


@pytest.mark.parametrize("bar", [0, 4, 8, 13])
def test_the_place_where_a_player_begins_is_found_and_handed_on(bar: int) -> None:
    gig = GigSettings(TUNE, 120.0, 4, starts_at=None, ends=24 * BAR, anywhere=True)
    performance, told = play(gig, chorus(TUNE, range(bar, bar + 4)))
    turn = performance.decided[0].turn
    assert [turn.changes.at((4 + k) * BAR).root for k in range(4)] == [
        TUNE.at((bar + 4 + k) * BAR).root for k in range(4)
    ]
    last = of(Believed, told)[15]
    assert (last.beat, last.belief.bar) == (15, (bar + 3) % 16 + 1) and last.belief.place > 0.2


def test_who_does_not_begin_anywhere_begins_in_bar_1() -> None:
    gig = GigSettings(TUNE, 120.0, 4, starts_at=0.0, ends=24 * BAR)
    performance, told = play(gig, chorus(TUNE, range(4)))
    assert performance.decided[0].turn.changes == TUNE
    assert [one.belief.bar for one in of(Believed, told)][:16] == [1] * 4 + [2] * 4 + [3] * 4 + [4] * 4


# ---------------------------------------------------------------- what is believed, beat by beat


@pytest.mark.parametrize("changes", [BLUES, WALTZ, NO_CHART])
@pytest.mark.parametrize("starts_at", [0.0, 3.0, None])
def test_every_beat_of_the_gig_is_believed_in_once(changes: Changes, starts_at: float | None) -> None:
    gig = GigSettings(changes, 120.0, 4, starts_at=starts_at, ends=12 * 24)
    begin = 1.0 if starts_at is None else starts_at
    performance, told = play(gig, eighths(TempoMap(120, begin), 0, 10))
    assert [one.beat for one in performance.believed] == list(range(24))
    moments = [at for at, what in _when(told) if isinstance(what, Believed)]
    assert moments == pytest.approx([begin + (beat + 1) / 2 - 0.02 for beat in range(24)])


def _when(told: list) -> list[tuple[float, object]]:  # type: ignore[type-arg]
    """Each command with the moment of the event that it answers."""
    at, found = 0.0, []
    for what in told:
        at = getattr(what, "at", at)
        found.append((at, what))
    return found


def test_what_is_played_before_bar_1_is_of_bar_1() -> None:
    gig = replace(CHARTED, starts_at=4.0)
    performance, told = play(gig, notes((1.0, 1.5, 72)), eighths(TempoMap(120, 4.0), -1, 15))
    turn = performance.decided[0].turn
    assert turn.call.start == -12 and turn.player.start == -72  # of these only the pick-up is answered
    first = of(Believed, told)[0]
    assert (first.beat, first.belief.bar) == (0, 1)


def test_no_wrong_notes_are_told_where_nobody_knows_the_chords() -> None:
    gig = replace(CHARTED, trade=2)
    wrong = parse_chart("title: Two\n| Cmaj7 | Cmaj7 | Fmaj7 | Fmaj7 | Bbmaj7 | Bbmaj7 | Ebmaj7 | Ebmaj7 |").changes()
    held = line(TEMPO, (0, 64), (1, 61), (3.5, 60), length=1.5)  # C sharp on a beat, held
    known = play(replace(gig, changes=wrong), held)[0].decided[0].turn
    assert [mistake.note.pitch for mistake in known.mistakes] == [61]
    for unknown in (replace(gig, changes=no_chart().changes()), replace(gig, changes=wrong, anywhere=True)):
        assert play(unknown, held)[0].decided[0].turn.mistakes == ()


def test_ideas_are_asked_for_again_when_the_left_hand_moves_the_place() -> None:
    tune = parse_chart(
        "title: Steps\n| Cmaj7 | Ebmaj7 | F#m7 | B7 | Emaj7 | Gmaj7 | Bbm7 | Eb7 |\n| Abmaj7 | Am7 | D7 | Dbmaj7 |"
    ).changes()
    bars = [0, 2, 3, 4]  # the left hand leaves out bar 2
    hand = [
        (TEMPO.seconds(4 * place + beat), TEMPO.seconds(4 * place + beat + 0.5), 40 + (chord.root - 40) % 12 + degree)
        for place, bar in enumerate(bars)
        for beat in range(4)
        for chord in (tune.at((4 * bar + beat) * 12),)
        for degree in ((tone - chord.root) % 12 for tone in chord.tones)
    ]
    _, told = play(replace(CHARTED, changes=tune, ends=tune.length), notes(*hand), line(TEMPO, (0, 72), (1, 76)))
    turn = of(Decided, told)[0].turn
    asked = [ask.turn for ask in of(Ask, told) if ask.turn.start == turn.start]
    assert turn.changes.at(turn.start) == tune.at(turn.start + 4 * 12)
    assert list(asked[-1].changes.between(turn.start, turn.end)) == list(turn.changes.between(turn.start, turn.end))
    assert asked[0].changes != asked[-1].changes


def test_below_a_split_a_lone_note_is_the_left_hands_and_from_there_up_a_chord_has_a_melody() -> None:
    time = TempoMap(120.0)
    heard = (line(time, (0, 45), (1, 52), (2, 64)), line(time, (3, 60), (3, 64), (3, 67)))
    calls = []
    for split in (None, 60):
        gig = GigSettings(BLUES, trade=1, starts_at=0.0, ends=2 * BAR, split=split)
        calls.append(play(gig, *heard)[0].decided[0].turn.call.pitches)
    assert calls == [(45, 52, 64), (64, 67)]
