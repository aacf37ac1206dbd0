"""The ear for one note and the ear for whole lines say the same of every note."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sideslip.listen.mistakes import stands_out, wrong_notes
from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.phrase import Note, Phrase
from sideslip.music.tension import foreign_at, is_tone_at
from sideslip.outside.lines import Lines
from sideslip.outside.outsideness import measure_outsideness

CHORDS = [parse_chord(name) for name in ("Dm7", "G7alt", "Cmaj7", "N.C.", "F#m7b5", "Bb13sus4", "Edim7", "A5", "Eb7")]
LATER = 10_000

changes = st.lists(st.tuples(st.sampled_from(CHORDS), st.integers(3, 40)), min_size=1, max_size=6).map(
    lambda parts: Changes(
        tuple(np.cumsum([0, *(length for _, length in parts[:-1])]).tolist()),
        tuple(chord for chord, _ in parts),
        sum(length for _, length in parts),
    )
)
lines = st.lists(
    st.tuples(st.sampled_from([3, 6, 12]), st.integers(58, 66), st.integers(1, 12)), min_size=1, max_size=12
).map(
    lambda notes: Phrase(
        tuple(
            Note(int(onset), pitch, length)
            for onset, (_, pitch, length) in zip(np.cumsum([shift for shift, _, _ in notes]), notes, strict=True)
        )
    )
)


@given(changes, lines)
def test_how_foreign_a_note_is_and_whether_it_passes(over: Changes, phrase: Phrase) -> None:
    heard = measure_outsideness(Lines.over(over, [phrase]))
    assert [foreign_at(note.pitch, note.onset, over) for note in phrase] == heard.b[0].tolist()
    assert [is_tone_at(note.pitch, note.onset, over) for note in phrase] == heard.chord_tone[0].tolist()
    bare = (heard.chromatic & ~heard.ornament)[0]
    left = [note for i, note in enumerate(phrase) if bare[i] and stands_out(phrase.notes, i, LATER)]
    assert [mistake.note for mistake in wrong_notes(phrase, over, LATER)] == left
