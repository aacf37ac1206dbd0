"""Chart texts: what is written is what is played, and what cannot be played is refused with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.errors import ChartError
from sideslip.music.leadsheet import LeadSheet, Section, parse_chart
from sideslip.music.meter import Meter

BLUES = """
title: Blues in F
key: F
time: 4/4
tempo: 140

[A]
| F7 | Bb7 | F7 | Cm7 F7 |
| Bb7 | Bdim7 | F7 | D7alt |
| Gm7 | C7 | F7 D7 | Gm7 C7 |
"""


def bars(text: str) -> list[str]:
    """The bars of one chorus as their symbols."""
    return [" ".join(chord.symbol for _, chord in bar) for bar in parse_chart(text).bars()]


def test_the_chart_of_a_blues() -> None:
    sheet = parse_chart(BLUES)
    assert (sheet.title, sheet.key, sheet.meter, sheet.tempo, sheet.feel) == (
        "Blues in F",
        "F",
        Meter(4, 4),
        140.0,
        "swing",
    )
    assert sheet.form == ("A",)
    changes = sheet.changes()
    assert changes.length == 12 * 48
    assert [(tick, chord.symbol) for tick, chord in changes.between(3 * 48, 6 * 48)] == [
        (144, "Cm7"),
        (168, "F7"),
        (192, "Bb7"),
        (240, "Bdim7"),
    ]


def test_all_headers() -> None:
    sheet = parse_chart(
        "\ufefftitle: A: B | C\nComposer: Trad.\nsource: mine\nKEY: F# minor\n"
        + "time: 6/8\ntempo: 92.5\nfeel: straight\nform: B, A B\n# a comment\n[A]\n|C|\n[B] | D | E |\r\n"
    )
    assert (sheet.title, sheet.composer, sheet.source) == ("A: B | C", "Trad.", "mine")
    assert (sheet.key, sheet.meter, sheet.tempo, sheet.feel) == ("F#m", Meter(6, 8), 92.5, "straight")
    assert sheet.form == ("B", "A", "B")
    assert [section.label for section in sheet.played()] == ["B", "A", "B"]
    assert [chord.symbol for chord in sheet.changes().chords] == ["D", "E", "C", "D", "E"]


@pytest.mark.parametrize(
    ("written", "key"),
    [("C", "C"), ("Bb", "Bb"), ("B♭ major", "Bb"), ("Am", "Am"), ("A-", "Am"), ("D minor", "Dm"), ("Gb", "Gb"),
     ("G#", "Ab"), ("Db minor", "C#m"), ("CM", "C"), ("E#", "F"), ("Abm", "Abm")],
)  # fmt: skip
def test_keys_are_those_of_a_key_signature(written: str, key: str) -> None:
    assert parse_chart(f"key: {written}\n|C|").key == key


@pytest.mark.parametrize(
    ("time", "bar", "places"),
    [
        ("4/4", "F7", [0]),
        ("4/4", "Cm7 F7", [0, 24]),
        ("4/4", "C F G", [0, 16, 32]),
        ("4/4", "C / / F", [0, 36]),
        ("4/4", "C F G A", [0, 12, 24, 36]),
        ("4/4", "C / / / / / / F", [0, 42]),
        ("3/4", "C F", [0, 18]),
        ("3/4", "C / F", [0, 24]),
        ("5/4", "C / / F /", [0, 36]),
        ("6/8", "C F", [0, 36]),
        ("7/4", "C / / / F / /", [0, 48]),
    ],
)
def test_chords_share_a_bar(time: str, bar: str, places: list[int]) -> None:
    assert [tick for tick, _ in parse_chart(f"time: {time}\n| {bar} |").bars()[0]] == places


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("| C | % | % |", ["C", "C", "C"]),
        ("| C F | % |", ["C F", "C F"]),
        ("| C F | / G | / / |", ["C F", "F G", "G"]),
        ("| C / / / |", ["C"]),
        ("| N.C. | C7/E NC |", ["N.C.", "C7/E N.C."]),
        ("|C||D|", ["C", "D"]),
        ("C | D", ["C", "D"]),
        ("|: C | D :|", ["C", "D", "C", "D"]),
        ("||: C :|| D |", ["C", "C", "D"]),
        ("| C | |: D | :|", ["C", "D", "D"]),
        ("|: C\n| D :| E |", ["C", "D", "C", "D", "E"]),
        ("|: C :|: D :|", ["C", "C", "D", "D"]),
        ("|: C | D |1 E :|2 F | G |", ["C", "D", "E", "C", "D", "F", "G"]),
        ("|: C |1 D :|2 E :|3 F |: G :|", ["C", "D", "C", "E", "C", "F", "G", "G"]),
        ("|: C |1 % :|2 D |", ["C", "C", "C", "D"]),
        ("[A] | C |\n[B] | D |\n[A] | C |", ["C", "D", "C"]),
        ("form: AABA\n[A] | C |\n[B] | D |", ["C", "C", "D", "C"]),
        ("form: AABA\n[A] | C |\n[AABA] | D |", ["D"]),
        ("form: verse chorus verse\n[verse] | C |\n[chorus] | D |", ["C", "D", "C"]),
    ],
)
def test_repeats_and_forms_are_played_out(text: str, expected: list[str]) -> None:
    assert bars(text) == expected


def test_neighbours_with_one_symbol_are_one_change() -> None:
    changes = parse_chart("form: A A\n[A] | C | C F | F | C |").changes()
    assert [(tick, chord.symbol) for tick, chord in zip(changes.starts, changes.chords, strict=True)] == [
        (0, "C"),
        (72, "F"),
        (144, "C"),
        (264, "F"),
        (336, "C"),
    ]
    assert changes.length == 8 * 48


def test_a_section_written_twice_is_one_and_another_of_its_name_gets_a_prime() -> None:
    sheet = parse_chart("[A] | C |\n[B] | D |\n[A] | C |\n[A] | E |\n[A] | G |")
    assert sheet.form == ("A", "B", "A", "A'", "A''")
    assert [section.label for section in sheet.sections] == ["A", "B", "A'", "A''"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the chart has no bars"),
        ("title: Nothing\n# | C |", "the chart has no bars"),
        ("[A]\n\n[B] | C |", "line 1: section [A] has no bars"),
        ("[A]\n", "line 1: section [A] has no bars"),
        ("[ ] | C |", "line 1: a section label is written like"),
        ("| C |\n[A] | D |", "line 2: bars come before the first section [A]"),
        ("title: X\n\n| C | D |\n| E | Hm7 |", "line 4, bar 4: unknown chord 'Hm7'"),
        ("[A] | C | D |\n[B]\n| E | m7 |", "line 3, bar 4: unknown chord 'm7'"),
        ("| C | c7 |", "line 1, bar 2: unknown chord 'c7': a root is a capital letter"),
        ("| C | | D |", "line 1, bar 2: the bar is empty"),
        ("| C D E F G |", "line 1, bar 1: 5 chords in a bar of 4 beats"),
        ("time: 3/4\n| C D E F |", "line 2, bar 1: 4 chords in a bar of 3 beats"),
        ("| C / / / / |", "line 1, bar 1: 5 shares do not divide a bar of 4/4"),
        ("| C" + " /" * 60 + " |", "61 shares do not divide"),
        ("| % |", "line 1, bar 1: % repeats the bar before"),
        ("[A] | C |\n[B] | % |", "line 2, bar 2: % repeats the bar before"),
        ("| / C |", "line 1, bar 1: / holds the chord before"),
        ("| C % |", "line 1, bar 1: unknown chord '%'"),
        ("|: C | D |", "line 1, bar 1: the repeat |: that begins here is never closed; write :|"),
        ("[A] | C |: D |\n[B] | E |", "line 1, bar 2: the repeat"),
        ("|: C |1 D |", "second ending"),
        ("|: C |1 D | E :|", "a repeat with endings is written |: ... |1 ... :|2 ... |"),
        ("| C :|", "closes a repeat that was not opened"),
        ("|: C |: D :|", "a repeat |: inside another"),
        ("|: C :|2 D |", "a repeat with endings is written"),
        ("|1 C |", "ending 1 is out of place"),
        ("|: C |2 D :|", "ending 2 is out of place"),
        ("tmpo: 3\n| C |", "line 1: unknown header 'tmpo'; is 'tempo' meant?"),
        ("| C |\nkey: F", "line 2: the header 'key' comes after bars"),
        ("[A]\nkey: F\n| C |", "line 2: the header 'key' comes after bars"),
        ("key: F\nkey: G\n| C |", "line 2: key was given on line 1 already"),
        ("key: H\n| C |", "line 1: a key is written like Bb"),
        ("key:\n| C |", "line 1: a key is written like Bb"),
        ("time: 4\n| C |", "line 1: a metre is written like 4/4"),
        ("feel: wobbly\n| C |", "line 1: a feel is one of swing, shuffle,"),
        ("hello\n| C |", "line 1: expected a header 'name: value', a"),
        ("form: A C\n[A] | C |", "line 1: the form asks for section 'C'; sections of this chart: A"),
        ("form: A\n| C |", "line 1: the form asks for section 'A'; sections of this chart: none"),
        ("form: A\n[A] | C |\n[A] | D |", "line 3: section [A] is written twice with different bars"),
        ("| C |\n" * 1001, "line 1001, bar 1001: a chart has at most 1000 bars"),
        ("|: " + "C | " * 501 + ":|", "a chart has at most 1000 bars"),
        ("form: " + "A " * 501 + "\n[A] | C | D |", "line 1: one chorus has at most 1000 bars"),
        ("[A] | C |\n" * 1001, "line 1001: a chart has at most 1000 bars"),
        ("#" * 100_001, "a chart has at most 100000 characters"),
        *((f"tempo: {tempo}\n| C |", "line 1: a tempo is 20 to 400 beats a minute; found")
          for tempo in ("19.9", "401", "nan", "inf", "fast", "", "-60")),
    ],
)  # fmt: skip
def test_what_cannot_be_played_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ChartError) as caught:
        parse_chart(text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_written_charts_have_four_bars_a_line() -> None:
    sheet = parse_chart("form: A A\n[A] | C / / F | % | G | N.C. | Am7/G |")
    assert sheet.text() == (
        "key: C\ntime: 4/4\ntempo: 120\nfeel: swing\nform: A A\n\n[A]\n| C / / F | C / / F | G | N.C. |\n| Am7/G |\n"
    )


SYMBOLS = st.sampled_from(["C", "Bb7", "F#m7b5", "Gb/Ab", "C6/9/G", "EΔ7", "N.C.", "Ab7(#9,b13)"])


@st.composite
def bar_texts(draw: st.DrawFn, beats: int) -> str:
    shares = draw(st.sampled_from([n for n in (1, 2, 3, 4, 6, 8) if beats * 12 % n == 0]))
    struck = draw(st.sets(st.integers(0, shares - 1), max_size=beats - 1)) | {0}
    return " ".join(draw(SYMBOLS) if share in struck else "/" for share in range(shares))


@st.composite
def chart_texts(draw: st.DrawFn) -> str:
    beats = draw(st.integers(2, 7))
    labels = draw(st.lists(st.sampled_from("ABCD"), min_size=1, max_size=4))
    form = draw(st.lists(st.sampled_from(labels), max_size=6)) if len(set(labels)) == len(labels) else []
    title = draw(st.text(st.characters(categories=("L", "N", "P", "S")), max_size=20))
    lines = [f"title: {title}", f"time: {beats}/4", f"tempo: {draw(st.floats(20, 400))}"]
    lines += [f"form: {' '.join(form)}"] if form else []
    for label in labels:
        section = draw(st.lists(bar_texts(beats), min_size=1, max_size=6))
        lines += [f"[{label}]", "| " + " | ".join(section) + " |"]
    return "\n".join(lines)


@given(chart_texts())
def test_a_chart_written_back_is_the_same_chart(text: str) -> None:
    sheet = parse_chart(text)
    assert parse_chart(sheet.text()) == sheet
    assert sheet.changes().length == len(sheet.bars()) * sheet.meter.bar
    for index, bar in enumerate(sheet.bars()):
        for tick, chord in bar:
            assert sheet.changes().at(index * sheet.meter.bar + tick) == chord


@given(st.text(max_size=80) | st.text("|:12 \nCF7b%/[]A#tempo", max_size=60))
def test_any_text_is_a_chart_or_a_chart_error(text: str) -> None:
    try:
        sheet = parse_chart(text)
    except ChartError as error:
        assert len(str(error).splitlines()) == 1
    else:
        assert parse_chart(sheet.text()) == sheet


def test_a_lead_sheet_can_be_made_by_hand() -> None:
    bar = parse_chart("| Dm7 G7 |").bars()[0]
    sheet = LeadSheet("By hand", "C", Meter(), 200.0, (Section("A", (bar,)),), ("A", "A"))
    assert parse_chart(sheet.text()) == sheet


def test_feels_go_by_many_names_and_remarks_are_no_mistake() -> None:
    assert parse_chart("feel: Bossa\n| C |").feel == "straight"
    assert parse_chart("feel: ballad\nyear: 1920\nstyle: slow\n| C |").feel == "swing"
