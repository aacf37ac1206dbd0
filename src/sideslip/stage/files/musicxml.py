"""MusicXML lead sheets: the harmonies of the first part that has any, repeats played out.

Only what a lead sheet needs is read, so that the largest score takes no longer than its text. Source of the elements:
MusicXML 4.0, W3C Music Notation Community Group.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Sequence

from sideslip.errors import ChartError
from sideslip.music.bars import MOST_BARS, bar_text
from sideslip.music.chord import NO_CHORD, Chord
from sideslip.music.leadsheet import FASTEST, SLOWEST, LeadSheet, parse_chart
from sideslip.music.meter import Meter
from sideslip.stage.files.elements import Element, elements, whole
from sideslip.stage.files.measures import Written, bars
from sideslip.stage.files.repeats import in_order

MOST_BYTES = 8_000_000
"""Size of a score, uncompressed."""

_MOST_FILES = 200  # in a compressed score

_KEYS = ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#")
_MINOR_KEYS = ("Abm", "Ebm", "Bbm", "Fm", "Cm", "Gm", "Dm", "Am", "Em", "Bm", "F#m", "C#m", "G#m", "D#m", "A#m")
"""Keys by their signature, from seven flats to seven sharps."""

_QUARTERS = {"whole": 4.0, "half": 2.0, "quarter": 1.0, "eighth": 0.5, "16th": 0.25}
"""Units of a metronome mark, in quarter notes."""

_WANTED = frozenset({"work-title", "movement-title", "creator", "part"})
_KEPT = frozenset((
    "measure", "attributes", "divisions", "key", "fifths", "mode", "time", "beats", "beat-type",
    "note", "chord", "grace", "duration", "backup", "forward", "offset",
    "harmony", "root", "root-step", "root-alter", "kind", "bass", "bass-step", "bass-alter",
    "degree", "degree-value", "degree-alter", "degree-type",
    "direction", "direction-type", "metronome", "beat-unit", "beat-unit-dot", "per-minute", "words", "segno", "coda",
    "sound", "barline", "repeat", "ending",
))  # fmt: skip
"""What is read of a score, and what of a part."""


def read_musicxml(data: bytes) -> LeadSheet:
    """The lead sheet in a MusicXML file, plain or compressed (.mxl). Raises ChartError if there is none."""
    document = _unpacked(data) if data.startswith(b"PK") else data
    said: dict[str, str] = {}
    lead: Element | None = None
    for element in elements(document, "score-partwise", _WANTED, _KEPT):
        if element.name != "part":
            name = "composer" if element.attributes.get("type") == "composer" else element.name
            said.setdefault(name, " ".join(element.text.split()))
        elif lead is None and any(measure.find("harmony") for measure in element.children):
            lead = element
    if lead is None:
        raise ChartError("the score has no chord symbols; a lead sheet needs <harmony> elements")
    return _lead_sheet(lead.all("measure"), said)


# ---------------------------------------------------------------- bytes


def _unpacked(data: bytes) -> bytes:
    """The score inside an .mxl archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = archive.infolist()
            if len(files) > _MOST_FILES or sum(file.file_size for file in files) > MOST_BYTES:
                raise ChartError(f"a compressed score holds at most {MOST_BYTES // 1_000_000} MB; this one holds more")
            scores = [file for file in files if re.fullmatch(r"(?!META-INF/).*\.(xml|musicxml)", file.filename)]
            if not scores:
                raise ChartError("this .mxl archive holds no score; expected a .musicxml or .xml file inside")
            if scores[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ChartError("this .mxl archive is packed in a way that MusicXML does not know")
            with archive.open(scores[0]) as score:
                return score.read(MOST_BYTES + 1)[:MOST_BYTES]  # whatever the archive says of its size
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise ChartError(f"this .mxl archive is damaged: {error}") from None


# ---------------------------------------------------------------- the sheet


def _lead_sheet(measures: Sequence[Element], said: dict[str, str]) -> LeadSheet:
    """The measures of a part as a lead sheet, by way of its chart text, which checks it."""
    if len(measures) > MOST_BARS:
        raise ChartError(f"a chart has at most {MOST_BARS} bars; this score has {len(measures)}")
    meter = _meter(measures)
    played = _played(list(bars(measures, meter)), meter)
    headers = {
        "title": said.get("work-title") or said.get("movement-title", ""),
        "composer": said.get("composer", ""),
        "key": _key(measures),
        "time": str(meter),
        "tempo": _tempo(measures, meter),
    }
    rows = [f"| {' | '.join(played[row : row + 4])} |" for row in range(0, len(played), 4)]
    return parse_chart("\n".join([*(f"{name}: {value}" for name, value in headers.items() if value), *rows]))


def _played(written: Sequence[Written], meter: Meter) -> list[str]:
    """The whole bars as they are played; a chord holds until the next, also that of a pick-up."""
    texts: list[str] = []
    chord = NO_CHORD
    for number in in_order([bar.marks for bar in written]):
        here: dict[int, Chord] = {0: chord, **written[number].chords}
        chord = here[max(here)]
        if not written[number].partial:
            texts.append(bar_text(tuple((tick, here[tick]) for tick in sorted(here)), meter))
    return texts


# ---------------------------------------------------------------- headers


def _attributes(measures: Sequence[Element], name: str) -> list[Element]:
    """What the measures say under a name of their attributes."""
    return [one for measure in measures for said in measure.all("attributes") for one in said.all(name)]


def _meter(measures: Sequence[Element]) -> Meter:
    found = {f"{time.said('beats')}/{time.said('beat-type')}" for time in _attributes(measures, "time")} - {"/"}
    if len(found) > 1:
        names = ", ".join(sorted(found)[:4])
        raise ChartError(f"a chart keeps one metre; this score has {names[:60]}")
    return Meter.parse(*found) if found else Meter()


def _key(measures: Sequence[Element]) -> str:
    for key in _attributes(measures, "key")[:1]:
        if key.find("fifths"):
            return (_MINOR_KEYS if key.said("mode") == "minor" else _KEYS)[whole(key, -7, 7, "fifths") + 7]
    return ""


def _tempo(measures: Sequence[Element], meter: Meter) -> str:
    """Beats a minute as a chart writes them; "" where the score does not say, or says what nobody plays."""
    for element in (element for measure in measures for element in measure.children):
        quarters = _quarters(element)
        if SLOWEST <= (tempo := quarters * meter.unit / 4) <= FASTEST:
            return f"{tempo:g}"
    return ""


def _quarters(element: Element) -> float:
    """Quarter notes a minute that a direction or a <sound> says; 0 for none."""
    marks = [mark for kind in element.all("direction-type") for mark in kind.all("metronome")]
    for mark in marks:
        unit = _QUARTERS.get(mark.said("beat-unit"), 0.0) * (1.5 if mark.find("beat-unit-dot") else 1.0)
        if found := re.search(r"[0-9]{1,4}(\.[0-9]{1,6})?", mark.said("per-minute")):
            return float(found[0]) * unit
    sounds = [element] if element.name == "sound" else element.all("sound")
    said = next((sound.attributes["tempo"] for sound in sounds if "tempo" in sound.attributes), "")
    return float(said) if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,12})?", said) else 0.0
