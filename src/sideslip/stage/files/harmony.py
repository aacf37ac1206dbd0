"""A chord as MusicXML writes it: root, kind, degrees and bass. Source: MusicXML 4.0, its elements and kinds."""

from sideslip.errors import ChartError
from sideslip.music.chord import NO_CHORD, Chord, parse_chord
from sideslip.music.pitch import parse_pitch_class, pitch_name
from sideslip.stage.files.elements import Element, whole

_SUFFIXES = {
    "major": "",
    "minor": "m",
    "augmented": "aug",
    "diminished": "dim",
    "dominant": "7",
    "major-seventh": "maj7",
    "minor-seventh": "m7",
    "diminished-seventh": "dim7",
    "augmented-seventh": "7#5",
    "half-diminished": "m7b5",
    "major-minor": "mMaj7",
    "major-sixth": "6",
    "minor-sixth": "m6",
    "dominant-ninth": "9",
    "major-ninth": "maj9",
    "minor-ninth": "m9",
    "dominant-11th": "11",
    "major-11th": "maj11",
    "minor-11th": "m11",
    "dominant-13th": "13",
    "major-13th": "maj13",
    "minor-13th": "m13",
    "suspended-second": "sus2",
    "suspended-fourth": "sus4",
    "power": "5",
    # what MusicXML has no name for, under the names that music21 writes
    "suspended-fourth-seventh": "7sus4",
    "seventh-flat-five": "7b5",
    "augmented-major-seventh": "maj7#5",
    "minor-major-ninth": "mMaj9",
    "augmented-major-ninth": "maj9#5",
    "augmented-dominant-ninth": "9#5",
    "half-diminished-ninth": "m9b5",
    "minor-major-11th": "mMaj11",
    "augmented-major-11th": "maj11#5",
    "augmented-11th": "11#5",
    "half-diminished-11th": "m11b5",
    "minor-major-13th": "mMaj13",
    "augmented-major-13th": "maj13#5",
    "augmented-dominant-13th": "13#5",
    "half-diminished-13th": "m13b5",
}
"""The kinds of chord, and how players write them."""

_SIGNS = {-1: "b", 0: "", 1: "#"}


def chord_of(harmony: Element) -> Chord:
    """The chord of a <harmony>. Raises ChartError or ChordError where there is none that players write."""
    if harmony.said("kind") == "none":
        return NO_CHORD
    if (root := _name(harmony, "root")) is None:
        raise ChartError("a chord of a lead sheet has a root; this <harmony> has none")
    suffix, bass = _suffix(harmony), _name(harmony, "bass")
    degrees = [_degree(degree) for degree in harmony.all("degree")]
    if suffix == "sus4" and (7, 0, "add") in degrees:
        suffix = "7sus4"
        degrees.remove((7, 0, "add"))
    altered = ",".join(_altered(*degree) for degree in sorted(degrees))
    below = f"/{bass}" if bass not in (None, root) else ""
    return parse_chord(root + suffix + (f"({altered})" if altered else "") + below)


def _suffix(harmony: Element) -> str:
    """How players write the kind; one that MusicXML has no name for as it is shown in the score."""
    kind = harmony.said("kind")
    shown = "".join(element.attributes.get("text", "") for element in harmony.all("kind"))
    return _SUFFIXES.get(kind, shown or kind)


def _name(harmony: Element, part: str) -> str | None:
    """The name of a chord's root or bass; double flats and sharps are respelt, for players write none as a root."""
    if harmony.find(part) is None:
        return None
    step, alter = harmony.said(part, f"{part}-step"), whole(harmony, -2, 2, part, f"{part}-alter", usual=0)
    pitch = parse_pitch_class(step) + alter
    return step + _SIGNS[alter] if alter in _SIGNS else pitch_name(pitch)


def _degree(degree: Element) -> tuple[int, int, str]:
    value, alter = whole(degree, 1, 13, "degree-value"), whole(degree, -2, 2, "degree-alter", usual=0)
    return value, alter, degree.said("degree-type")


def _altered(degree: int, alter: int, change: str) -> str:
    if change == "subtract":
        return f"no{degree}"
    return f"{'b' if alter < 0 else '#'}{degree}" if alter else f"add{degree}"
