"""Events and asks survive the way through JSON; what is not one is refused in words."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.band.bindings import CONTROLS
from sideslip.band.events import Ask, Event, Heard, Ideas, Nudged, Stopped, Turned, Woken
from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.dialogue import STYLES, Foresight, Idea, Mending, Turn, Wish, WrongNote
from sideslip.music.meter import Meter
from sideslip.music.phrase import Note, Phrase
from sideslip.stage import codec
from sideslip.stage.jsonlines import dump, load_object

PHRASE = Phrase((Note(-3, 60, 6, 70), Note(3, 72, 9, 127)))
IDEA = Idea(PHRASE, "device", "side-slip +1")
TURN = Turn(
    start=48,
    end=96,
    changes=Changes((0, 36), (parse_chord("Bbmaj7"), parse_chord("C7alt")), 72, Meter(3, 4)),
    call=PHRASE,
    player=PHRASE,
    partner=PHRASE.moved(48),
    dial=0.7,
    tempo=211.5,
    mistakes=(
        WrongNote(Note(3, 72, 9, 127), parse_chord("Bmaj7"), 0.95, (71,), False),
        WrongNote(Note(36, 71, 9), parse_chord("C7/E"), 0.9, (70, 72), True),
    ),
    wish=Wish(0.28, 2.5, 67.5, "HARDBOP"),
)

MISTAKE = {"note": [0, 61, 12, 80], "over": "Cmaj7", "foreign": 1.0, "expected": [60], "resolved": False}

MENDING = {"move": "commit", "note": [0, 61, 12, 80], "over": "Cmaj7", "shift": -1}

moments = st.floats(-1e6, 1e6)
phrases = st.lists(
    st.builds(Note, st.integers(-1000, 10**6), st.integers(0, 127), st.integers(1, 999), st.integers(1, 127)),
    max_size=5,
).map(Phrase.of)
mendings = st.builds(
    Mending,
    st.sampled_from(["resolve", "echo", "reharmonise", "commit"]),
    st.builds(Note, st.integers(-1000, 10**6), st.integers(0, 127), st.integers(1, 999), st.integers(1, 127)),
    st.sampled_from([parse_chord("B7"), parse_chord("C7/E"), parse_chord("N.C.")]),
    st.integers(-12, 12),
)
foresights = st.builds(Foresight, *3 * [st.lists(st.floats(0, 1), max_size=3).map(tuple)], st.none() | st.floats(0, 1))
ideas = st.builds(
    Idea,
    phrases,
    st.sampled_from(["model", "device", "lick"]),
    st.text(max_size=20),
    st.none() | foresights,
    st.none() | mendings,
)
events = st.one_of(
    st.builds(Heard, moments, st.binary(max_size=20)),
    st.builds(Ideas, moments, st.integers(0, 9999), st.lists(ideas, max_size=3).map(tuple), st.floats(0, 100)),
    st.builds(Woken, moments),
    st.builds(Turned, moments, st.just("outside"), st.floats(0, 1)),
    st.builds(Turned, moments, st.sampled_from(["density", "register"]), st.none()),
    st.builds(Turned, moments, st.just("trade"), st.sampled_from([1, 4, 64, "free", "duet"])),
    st.builds(Turned, moments, st.sampled_from(["lay_out", "take_over"]), st.booleans()),
    st.builds(Turned, moments, st.just("panic"), st.just(True)),
    st.builds(Nudged, moments, st.sampled_from(CONTROLS), st.integers(-9, 9)),
    st.builds(Stopped, moments),
)


@given(events)
def test_an_event_survives(event: Event) -> None:
    assert codec.decode_event(load_object(dump(codec.encode_event(event)))) == event


def test_an_ask_survives_with_every_field_of_its_turn() -> None:
    plain = Turn(TURN.start, TURN.end, TURN.changes)
    assert all(
        getattr(TURN, f.name) != getattr(plain, f.name)
        for f in fields(Turn)
        if f.name not in ("start", "end", "changes")
    )
    ask = Ask(3, TURN, 2**40)
    assert codec.decode_ask(load_object(dump(codec.encode_ask(ask)))) == ask


wishes = st.builds(
    Wish,
    st.none() | st.floats(0, 1),
    st.none() | st.floats(0.2, 6),
    st.none() | st.floats(36, 96),
    st.none() | st.sampled_from(STYLES),
)


def test_an_idea_of_before_wrong_notes_were_answered_answers_none() -> None:
    (line,) = codec.encode_ideas((IDEA,))
    assert "mending" not in line
    assert codec.decode_ideas({"ideas": [line]}) == (IDEA,)


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"mending": []}, "a mending must be an object"),
        ({"outings": [3]}, "an outing must be an object"),
        ({"outings": [{"device": "enclosure", "out": 0}]}, "'home' is missing"),
        ({"mending": MENDING | {"move": "sulk"}}, "a move is one of resolve, echo, reharmonise, commit, found 'sulk'"),
        ({"mending": MENDING | {"note": [0, 61, 12]}}, "a note is"),
        ({"mending": MENDING | {"over": "H7"}}, "H7"),
        ({"mending": MENDING | {"shift": 1.0}}, "'shift' must be a whole number -12..12"),
    ],
)
def test_what_is_no_mending_is_refused(changed: dict[str, object], complaint: str) -> None:
    (line,) = codec.encode_ideas((IDEA,))
    with pytest.raises(ValueError, match=complaint):
        codec.decode_ideas({"ideas": [line | changed]})


@given(wishes)
def test_a_wish_survives(wish: Wish) -> None:
    ask = Ask(1, replace(TURN, wish=wish), 1)
    assert codec.decode_ask(load_object(dump(codec.encode_ask(ask)))) == ask


def test_an_ask_of_before_there_were_wishes_wishes_for_nothing() -> None:
    line = codec.encode_ask(Ask(3, TURN, 7))
    del line["wish"]
    assert codec.decode_ask(line) == Ask(3, replace(TURN, wish=Wish()), 7)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "not JSON"),
        ("[1]", "a JSON object was expected, found list"),
        ("[" * 100_000, "nested too deeply"),
        ('{"event": "woken"}', "'at' is missing"),
        ('{"event": "woken", "at": NaN}', "NaN is no number"),
        ('{"event": "woken", "at": 1e999}', "'at' must be a number"),
        ('{"event": "woken", "at": true}', "'at' must be a number"),
        ('{"event": "slept", "at": 1}', "an event is one of heard, ideas, woken, turned, nudged, stopped; found"),
        ('{"event": 5, "at": 1}', "'event' must be a text"),
        ('{"event": "heard", "at": 1, "message": "9g"}', "'message' must be hexadecimal, found '9g'"),
        ('{"event": "turned", "at": 1, "control": "outside", "value": 2}', "outside can be 0 to 1; found 2"),
        ('{"event": "turned", "at": 1, "control": "outside", "value": true}', "outside can be 0 to 1; found True"),
        ('{"event": "turned", "at": 1, "control": "density", "value": [1]}', "notes a beat, or nothing; found"),
        (
            '{"event": "turned", "at": 1, "control": "register", "value": 3}',
            "a MIDI pitch 36 to 96, or nothing; found 3",
        ),
        ('{"event": "turned", "at": 1, "control": "trade", "value": 4.0}', "bars, 'free' or 'duet'; found 4.0"),
        ('{"event": "turned", "at": 1, "control": "lay_out", "value": 1}', "lay_out can be on"),
        ('{"event": "turned", "at": 1, "control": "panic", "value": false}', "panic can be pressed"),
        ('{"event": "turned", "at": 1, "control": "outside"}', "'value' is missing"),
        ('{"event": "turned", "at": 1, "control": "volume", "value": 1}', "a control is one of outside, density"),
        ('{"event": "nudged", "at": 1, "control": "outside", "by": 0.5}', "'by' must be a whole number"),
        ('{"event": "ideas", "at": 1, "ask": 1.5, "thinking": 0, "ideas": []}', "'ask' must be a whole number"),
        ('{"event": "ideas", "at": 1, "ask": 1, "thinking": 0, "ideas": {}}', "'ideas' must be a list"),
        ('{"event": "ideas", "at": 1, "ask": 1, "thinking": 0, "ideas": [1]}', "an idea must be an object"),
        (
            '{"event": "ideas", "at": 1, "ask": 1, "thinking": 0, "ideas": [{"source": "muse"}]}',
            "the source of an idea is one of model, device, lick, found 'muse'",
        ),
        (
            '{"event": "ideas", "at": 1, "ask": 1, "thinking": 0, '
            '"ideas": [{"source": "lick", "label": "", "notes": [[0, 200, 1, 1]]}]}',
            "a note needs pitch 0..127",
        ),
        (
            '{"event": "ideas", "at": 1, "ask": 1, "thinking": 0, '
            '"ideas": [{"source": "lick", "label": "", "notes": [[0, 60, 1]]}]}',
            "a note is",
        ),
    ],
)
def test_what_is_no_event_is_refused(line: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint.replace("[", r"\[")):
        codec.decode_event(load_object(line))


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("changes", 5, "changes must be an object"),
        ("changes", {"starts": ["0"], "chords": ["C"], "length": 12, "meter": "4/4"}, "changes need whole numbers"),
        ("changes", {"starts": [0], "chords": ["H7"], "length": 12, "meter": "4/4"}, "H7"),
        ("changes", {"starts": [5], "chords": ["C"], "length": 12, "meter": "4/4"}, "a chord at tick 0"),
        ("changes", {"starts": [0], "chords": ["C"], "length": 12, "meter": "4/5"}, "a metre is written like 4/4"),
        ("mistakes", 5, "'mistakes' must be a list"),
        ("mistakes", [5], "a mistake must be an object"),
        ("mistakes", [{}], "'expected' is missing"),
        ("mistakes", [MISTAKE | {"expected": [128]}], "what was expected must be pitches 0..127, found 128"),
        ("mistakes", [MISTAKE | {"expected": [True]}], "must be pitches"),
        ("mistakes", [MISTAKE | {"resolved": 1}], "'resolved' must be true or false, found 1"),
        ("mistakes", [MISTAKE | {"note": [0, 60, 1]}], "a note is"),
        ("mistakes", [MISTAKE | {"over": "H7"}], "H7"),
        ("mistakes", [MISTAKE | {"foreign": 2}], "'foreign' must be a number 0..1, found 2"),
        ("wish", None, "a wish must be an object, found NoneType"),
        ("wish", {"outside": 1.5}, "'outside' must be a number 0..1, found 1.5"),
        ("wish", {"density": 0.1}, "'density' must be a number 0.2..6, found 0.1"),
        ("wish", {"density": True}, "'density' must be a number 0.2..6, found True"),
        ("wish", {"register": "C4"}, "'register' must be a number 36..96, found 'C4'"),
        ("wish", {"style": "bebop"}, "a style is one of TRADITIONAL, .*FREE; found 'bebop'"),
        ("wish", {"style": []}, "a style is one of .*; found list"),
        ("seed", -1, "'seed' must be a whole number"),
        ("tempo", 0, "'tempo' must be a number"),
    ],
)
def test_what_is_no_ask_is_refused(name: str, value: object, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        codec.decode_ask(codec.encode_ask(Ask(1, TURN, 1)) | {name: value})
