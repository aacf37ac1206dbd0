"""The choice: follows the dial, keeps lines whole and in conversation, and never trips."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sideslip.errors import SettingError
from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.dialogue import Foresight, Idea, Turn
from sideslip.music.phrase import Note, Phrase
from sideslip.music.pitch import HIGHEST, LOWEST
from sideslip.outside.controller import Choice, Controller
from sideslip.outside.critic import load_critic
from sideslip.outside.hearing import hear
from sideslip.outside.lines import Lines
from sideslip.outside.motif import compare
from sideslip.outside.score import OPEN_END, Range
from sideslip.outside.tables import ListeningTables, load_tables
from sideslip.outside.traits import known

from .worked_examples import INSIDE, SHIPPED, SLIPPED, TWO_FIVE_ONE, bar_by_bar, line, shifted, with_pitches

TURN = Turn(0, 192, TWO_FIVE_ONE)
CRITIC = load_critic(SHIPPED.with_name("critic.safetensors"))
FAR_OUT = shifted(INSIDE, 4, 26, 1)
HALF_OUT = shifted(INSIDE, 8, 17, 1)


@pytest.fixture
def controller(tables: ListeningTables) -> Controller:
    return Controller(tables)


def ideas(*phrases: Phrase) -> list[Idea]:
    return [Idea(phrase, "model") for phrase in phrases]


def chosen(controller: Controller, *phrases: Phrase, turn: Turn = TURN, **changed: object) -> int:
    return controller.choose(replace(turn, **changed), ideas(*phrases)).index  # type: ignore[arg-type]


def term(choice: Choice, index: int, name: str) -> float:
    return dict(choice.scored[index].terms)[name]


def test_the_dial_goes_from_inside_to_outside(controller: Controller) -> None:
    lines = (SLIPPED, INSIDE, FAR_OUT, HALF_OUT)
    assert lines[chosen(controller, *lines, dial=0.0)] is INSIDE
    assert lines[chosen(controller, *lines, dial=0.5)] is SLIPPED
    assert lines[chosen(controller, *lines, dial=1.0)] in (FAR_OUT, HALF_OUT)


def test_outsideness_rises_with_the_dial_over_many_turns(controller: Controller) -> None:
    generator = np.random.default_rng(7)
    dials = (0.0, 0.25, 0.5, 0.75, 1.0)
    reached = np.zeros((12, len(dials)))
    for row in reached:
        cuts = sorted(generator.integers(1, 31, size=(6, 2)).tolist())
        lines = [shifted(INSIDE, min(cut), max(cut), int(generator.choice([1, -1, 6]))) for cut in cuts]
        for column, dial in enumerate(dials):
            choice = controller.choose(replace(TURN, dial=dial), ideas(INSIDE, *lines))
            row[column] = choice.scored[choice.index].outside
    assert (np.diff(reached.mean(axis=0)) >= 0).all()
    assert reached.mean(axis=0)[-1] - reached.mean(axis=0)[0] > 0.35
    assert (np.diff(reached, axis=1) >= -1e-9).mean() > 0.9


def test_the_score_is_the_sum_of_its_terms(controller: Controller) -> None:
    choice = controller.choose(TURN, ideas(INSIDE, SLIPPED, Phrase()))
    for scored in choice.scored:
        assert scored.score == pytest.approx(sum(value for _, value in scored.terms))
    assert choice.scored[choice.index].score == max(scored.score for scored in choice.scored)
    assert [scored.idea.phrase for scored in choice.scored] == [INSIDE, SLIPPED, Phrase()]


def test_the_same_turn_gives_the_same_choice_and_equals_the_first(controller: Controller) -> None:
    lines = ideas(FAR_OUT, INSIDE, INSIDE, SLIPPED)
    turn = replace(TURN, dial=0.1)
    assert controller.choose(turn, lines) == controller.choose(turn, lines)
    assert controller.choose(turn, lines).index == 1


def test_anything_rather_than_silence(controller: Controller) -> None:
    scrambled = with_pitches(INSIDE, [48, 85] * 16)
    assert chosen(controller, Phrase(), scrambled, dial=0.0) == 1
    assert controller.choose(TURN, ideas(Phrase())).why == "lays out"


def test_a_phrase_of_two_notes_is_no_answer(controller: Controller) -> None:
    assert chosen(controller, Phrase(INSIDE.notes[:2]), INSIDE, dial=0.2) == 1


def test_a_line_out_of_the_instruments_range_is_not_played(tables: ListeningTables) -> None:
    low = INSIDE.moved(semitones=-36)
    assert chosen(Controller(tables), low, INSIDE, dial=0.1) == 1
    assert chosen(Controller(tables, reach=Range(28, 60)), low, INSIDE, dial=0.1) == 0


def test_a_pitch_that_proposers_may_draw_costs_nothing(controller: Controller) -> None:
    edges = Phrase((Note(0, LOWEST, 6), Note(6, HIGHEST, 6)))
    beyond = Phrase((Note(0, LOWEST - 1, 6), Note(6, HIGHEST + 1, 6)))
    choice = controller.choose(TURN, ideas(edges, beyond))
    assert (term(choice, 0, "range"), term(choice, 1, "range")) == (0, -8)


def test_parroting_is_worse_than_answering(controller: Controller) -> None:
    call = INSIDE.moved(ticks=-192)
    answer = line("A B C D E C A F G A B G F D B D E D C B G A B C E C# A G F E C# D", near=69)
    choice = controller.choose(replace(TURN, call=call, player=call), ideas(INSIDE, answer))
    assert choice.scored[0].motif == pytest.approx(1)
    assert term(choice, 0, "motif") < term(choice, 1, "motif") - 5


def test_without_a_call_there_is_nothing_to_take_up(controller: Controller) -> None:
    assert term(controller.choose(TURN, ideas(INSIDE)), 0, "motif") == 0


@pytest.mark.parametrize(
    ("name", "worse"),
    [
        ("leaps", with_pitches(INSIDE, [*INSIDE.pitches[:8], INSIDE.pitches[8] + 24, *INSIDE.pitches[9:]])),
        ("repeats", with_pitches(INSIDE, [*INSIDE.pitches[:8], *[62] * 4, *INSIDE.pitches[12:]])),
        ("ending", shifted(INSIDE, 31, 31, 2)),  # ends on a foreign note
        ("joint", with_pitches(INSIDE, [p + (0, 11, -10, 0)[i % 4] for i, p in enumerate(INSIDE.pitches)])),
        ("range", INSIDE.moved(semitones=24)),
        ("surprise", with_pitches(INSIDE, [62, 69] * 16)),
        ("resolution", shifted(INSIDE, 24, 31, 1)),
    ],
)
def test_what_a_term_minds(controller: Controller, name: str, worse: Phrase) -> None:
    choice = controller.choose(TURN, ideas(INSIDE, worse))
    assert term(choice, 1, name) < term(choice, 0, name)


def test_a_pitch_may_sound_twice_in_a_row_but_not_three_times(controller: Controller) -> None:
    lines = [with_pitches(INSIDE, [*INSIDE.pitches[:8], *[62] * n, *INSIDE.pitches[8 + n :]]) for n in (2, 3, 5)]
    choice = controller.choose(TURN, ideas(*lines, Phrase((Note(0, 62, 6), Note(6, 62, 6)))))
    assert [term(choice, i, "repeats") for i in range(4)] == [0, -0.5, -1.5, 0]


def test_real_phrases_say_how_far_surprise_may_be_from_what_is_usual(tables: ListeningTables) -> None:
    usual = replace(tables.usual, spread=2 * tables.usual.spread)
    strict, lenient = (Controller(t).choose(TURN, ideas(SLIPPED)) for t in (tables, replace(tables, usual=usual)))
    assert term(strict, 0, "surprise") == pytest.approx(4 * term(lenient, 0, "surprise")) != 0


HOME = Note(168, 64, 6)
"""The 5th of A7b9 on beat 3 of the last bar."""


@pytest.mark.parametrize(
    ("ending", "worth"),
    [
        ((HOME,), 1.5),  # a beat and more of air
        ((replace(HOME, duration=12),), 1.5),
        ((replace(HOME, duration=18),), 1.25),  # half a beat
        ((replace(HOME, duration=24),), 0.5),  # held until the end
        ((*INSIDE.notes[28:30], Note(180, 64, 6)), 1.25),
        (INSIDE.notes[28:], -0.5),  # a chord tone, but on the last eighth
        ((*INSIDE.notes[28:31], Note(186, 64, 5)), -0.5 + 0.125),  # the same, a hair shorter
        ((*INSIDE.notes[28:30], Note(180, 68, 24)), -1.0),  # beyond the end
        ((replace(HOME, pitch=63),), 1.0),  # over, but not home
    ],
)
def test_a_bandmate_ends_and_leaves_air(controller: Controller, ending: tuple[Note, ...], worth: float) -> None:
    choice = controller.choose(TURN, ideas(Phrase((*INSIDE.notes[:28], *ending))))
    assert term(choice, 0, "ending") == pytest.approx(worth)


@pytest.mark.parametrize(("notes", "cut"), [((172,), True), ((168, 180), True), ((168, 174, 180), False)])
def test_a_scrap_of_a_new_thought_is_no_ending(controller: Controller, notes: tuple[int, ...], cut: bool) -> None:
    ends = [Note(onset, 64, min(6, 192 - onset)) for onset in notes[:-1]] + [Note(notes[-1], 64, 191 - notes[-1])]
    choice = controller.choose(TURN, ideas(Phrase((*INSIDE.notes[:24], *ends))))
    assert (term(choice, 0, "ending") < 0) == cut


@pytest.mark.parametrize("dial", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_most_of_the_time_a_line_is_chosen_that_has_ended(controller: Controller, dial: float) -> None:
    generator, ended = np.random.default_rng(3), 0
    runs_on, over = (*INSIDE.notes[:31], Note(186, 64, 5)), INSIDE.notes[:29]
    for _ in range(20):
        cuts = [sorted(cut) for cut in generator.integers(1, 27, size=(8, 2)).tolist()]
        lines = [
            shifted(Phrase((runs_on, over)[i % 2]), *cut, int(generator.choice([1, -1]))) for i, cut in enumerate(cuts)
        ]
        ended += chosen(controller, *lines, dial=dial) % 2
    assert ended >= 14


def test_the_player_sets_how_dense_an_answer_may_be(controller: Controller) -> None:
    sparse = Phrase(tuple(Note(-192 + 12 * i, 60 + i % 5, 12) for i in range(16)))
    busy = Phrase(tuple(Note(-192 + 4 * i, 60 + i % 5, 4) for i in range(48)))
    for call, minded in ((sparse, True), (busy, False)):
        choice = controller.choose(replace(TURN, call=call), ideas(INSIDE))
        assert (term(choice, 0, "density") < 0) == minded


def test_the_last_notes_heard_can_change_the_choice(controller: Controller) -> None:
    low, high = INSIDE.moved(semitones=-12), INSIDE
    player = line("D F A C E D C A").moved(ticks=-60, semitones=-14)
    assert chosen(controller, low, high, player=player, dial=0.2) == 0
    assert chosen(controller, low, high, player=player.moved(semitones=24), dial=0.2) == 1


@pytest.mark.parametrize("dial", [-0.1, 1.1, float("nan")])
def test_a_dial_beyond_its_ends_is_the_users_mistake(controller: Controller, dial: float) -> None:
    with pytest.raises(SettingError, match=r"0 \(inside\)"):
        controller.choose(replace(TURN, dial=dial), ideas(INSIDE))


def test_a_choice_needs_ideas(controller: Controller) -> None:
    with pytest.raises(ValueError, match="at least one"):
        controller.choose(TURN, [])


def test_under_no_chord_every_dial_is_inside(controller: Controller) -> None:
    free = bar_by_bar("N.C.", "N.C.")
    choice = controller.choose(Turn(0, 192, free, dial=1.0), ideas(SLIPPED, INSIDE))
    assert [scored.outside for scored in choice.scored] == [0, 0]
    assert [scored.surprise for scored in choice.scored] == [0, 0]


TABLES = load_tables(SHIPPED)
SYMBOLS = ("Dm7", "G7", "Cmaj7", "A7alt", "F#m7b5", "Bdim7", "C+", "Gsus4", "EmMaj7", "N.C.")

notes = st.builds(Note, st.integers(-200, 800), st.integers(0, 127), st.integers(1, 60))
phrases = st.lists(notes, max_size=14).map(Phrase.of)
charts = st.lists(st.sampled_from(SYMBOLS), min_size=1, max_size=5).flatmap(
    lambda symbols: st.integers(1, 60).map(
        lambda ticks: Changes(
            tuple(ticks * i for i in range(len(symbols))), tuple(map(parse_chord, symbols)), ticks * len(symbols)
        )
    )
)


@settings(max_examples=60)
@given(charts, st.lists(phrases, min_size=1, max_size=4), phrases)
def test_everything_measured_stays_within_its_bounds(changes: Changes, lines: list[Phrase], call: Phrase) -> None:
    hearing = hear(Lines.over(changes, lines), TABLES)
    out, shift, motif = hearing.outsideness, hearing.shift, compare(call, hearing.lines)
    shares = (out.b, out.o, shift.online, shift.smoothed, motif.similarity, hearing.outside)
    for share in (*shares, hearing.static, hearing.resolution.resolvability):
        assert ((share >= 0) & (share <= 1)).all()
    assert (out.o <= out.b).all()
    assert np.isfinite(hearing.bits).all() and (hearing.bits >= 0).all()


def foreseen(phrase: Phrase, open_end: float | None) -> Foresight:
    """What a model that finds everything alike foresees of a phrase."""
    return Foresight((3.0,) * len(phrase), (4.0,) * len(phrase), (0.5,) * max(0, len(phrase) - 1), open_end)


def test_an_open_end_is_worth_what_it_promises(controller: Controller) -> None:
    opened = Phrase((*INSIDE.notes[:-1], INSIDE.notes[-1].moved(semitones=1)))
    made = [Idea(opened, "model", "", foreseen(opened, home)) for home in (None, 0.2, 0.9)]
    terms = [dict(scored.terms)["open end"] for scored in controller.choose(TURN, made).scored]
    assert terms == pytest.approx([0.0, 0.2 * OPEN_END, 0.9 * OPEN_END])
    assert controller.choose(TURN, made).index == 2


def test_the_critic_prefers_a_line_to_the_same_notes_in_disorder(tables: ListeningTables) -> None:
    mixed = np.random.default_rng(3).permutation(np.array(INSIDE.pitches)).tolist()
    made = ideas(INSIDE, with_pitches(INSIDE, mixed))
    worth = [dict(scored.terms)["critic"] for scored in Controller(tables, CRITIC).choose(TURN, made).scored]
    assert worth[0] > worth[1] + 1.0
    without = Controller(tables).choose(TURN, made)
    assert [dict(scored.terms)["critic"] for scored in without.scored] == [0.0, 0.0]


def test_every_trait_of_the_shipped_critic_counts() -> None:
    assert set(CRITIC.names) == known()
    assert (abs(CRITIC.into).sum(axis=1) > 0).all()


@settings(max_examples=60)
@given(charts, st.lists(phrases, min_size=1, max_size=4), phrases, st.floats(0, 1), st.integers(-96, 400))
def test_any_ideas_can_be_chosen_from(
    changes: Changes, lines: list[Phrase], call: Phrase, dial: float, start: int
) -> None:
    turn = Turn(start, start + 96, changes, call=call, player=call, dial=dial)
    labels = ("", "side-slip up a semitone", "enclosure", "something new")
    foresights = (None, foreseen(lines[0], None), foreseen(lines[-1], 0.5), None)
    made = [
        Idea(phrase, "device", label, foresight if foresight and len(foresight.bits) == len(phrase) else None)
        for phrase, label, foresight in zip(lines, labels, foresights, strict=False)
    ]
    choice = Controller(TABLES, CRITIC).choose(turn, made)
    assert 0 <= choice.index < len(made) == len(choice.scored)
    assert choice.why
    assert "\n" not in choice.why
    assert all(np.isfinite(scored.score) for scored in choice.scored)
