"""MusicXML lead sheets, through music21: the harmonies of the first part that has any, repeats played out.

music21 is imported when a score is read, never before. What reaches it is plain XML of bounded size in which no entity
is declared and whose bars, repeats played out, are no more than a chart may have.
"""

import io
import re
import warnings
import xml.parsers.expat
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from sideslip.errors import ChartError
from sideslip.music.bars import MOST_BARS, Bar, bar_text
from sideslip.music.chord import NO_CHORD, Chord, parse_chord
from sideslip.music.leadsheet import FASTEST, SLOWEST, LeadSheet, parse_chart
from sideslip.music.meter import TICKS, Meter
from sideslip.music.pitch import pitch_name
from sideslip.stage.files.repeats import BarCount

MOST_BYTES = 8_000_000
"""Size of a score, uncompressed."""

_MOST_FILES = 200  # in a compressed score

_SUFFIXES = {
    "major": "",
    "minor": "m",
    "augmented": "aug",
    "diminished": "dim",
    "dominant-seventh": "7",
    "major-seventh": "maj7",
    "minor-seventh": "m7",
    "diminished-seventh": "dim7",
    "augmented-seventh": "7#5",
    "augmented-major-seventh": "maj7#5",
    "half-diminished-seventh": "m7b5",
    "minor-major-seventh": "mMaj7",
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
    "suspended-fourth-seventh": "7sus4",
    "power": "5",
}
"""music21's names of the kinds of chord, and how players write them."""

_SIGNS = {-1: "b", 0: "", 1: "#"}


def read_musicxml(data: bytes) -> LeadSheet:
    """The lead sheet in a MusicXML file, plain or compressed (.mxl). Raises ChartError if there is none."""
    document = _unpacked(data) if data.startswith(b"PK") else data
    _check(document)
    try:
        from music21 import converter, harmony
    except ImportError:
        raise ChartError("reading MusicXML needs music21: pip install 'sideslip[scores]'") from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            score = converter.parseData(document, format="musicxml")
            return _lead_sheet(score, harmony.Harmony)
        except ChartError:
            raise
        except Exception as error:  # music21 raises a great many kinds over scores it cannot follow
            reason = " ".join(str(error).split())[:120] or type(error).__name__
            raise ChartError(f"music21 cannot read this MusicXML: {reason}") from error


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
            with archive.open(scores[0]) as score:
                return score.read(MOST_BYTES + 1)  # whatever the archive says of its size
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise ChartError(f"this .mxl archive is damaged: {error}") from None


def _check(document: bytes) -> None:
    """Refuse what is no score and what would grow without bound."""
    if len(document) > MOST_BYTES:
        raise ChartError(f"a score has at most {MOST_BYTES // 1_000_000} MB; this one has more")
    parser = xml.parsers.expat.ParserCreate()
    roots: list[str] = []
    bars = BarCount()

    def element(name: str, attributes: dict[str, str]) -> None:
        if not roots:
            roots.append(name)
        bars.element(name, attributes)

    def entity(*_: object) -> None:
        raise ChartError("this XML declares entities, which a score has no need of; export it again as MusicXML")

    parser.StartElementHandler = element
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(document, True)
    except xml.parsers.expat.ExpatError as error:
        raise ChartError(f"not well-formed XML: {error}") from None
    if roots[0] != "score-partwise":
        raise ChartError(f"expected a MusicXML score (score-partwise); found <{roots[0][:40]}>")


# ---------------------------------------------------------------- scores


def _lead_sheet(score: Any, harmony_class: type) -> LeadSheet:
    """A music21 score as a lead sheet, by way of its chart text, which checks it."""
    part = next((part for part in score.parts if part.recurse().getElementsByClass(harmony_class)), None)
    if part is None:
        raise ChartError("the score has no chord symbols; a lead sheet needs <harmony> elements")
    meter = _meter(part)
    bars = [bar_text(bar, meter) for bar in _bars(_played(part), meter, harmony_class)]
    if len(bars) > MOST_BARS:
        raise ChartError(f"a chart has at most {MOST_BARS} bars, repeats played out; this score has {len(bars)}")
    headers = [f"{name}: {value}" for name, value in _headers(score, part, meter) if value]
    rows = [" | ".join(bars[row : row + 4]) for row in range(0, len(bars), 4)]
    return parse_chart("\n".join([*headers, *(f"| {row} |" for row in rows)]))


def _meter(part: Any) -> Meter:
    signatures = {signature.ratioString for signature in part.recurse().getElementsByClass("TimeSignature")}
    if len(signatures) > 1:
        raise ChartError(f"a chart keeps one metre; this score has {', '.join(sorted(signatures))}")
    return Meter.parse(*signatures) if signatures else Meter()


def _played(part: Any) -> Any:
    """The part with its repeats written out; where they make no sense, as written."""
    from music21.repeat import ExpanderException

    try:
        return part.expandRepeats()
    except ExpanderException:
        return part


def _headers(score: Any, part: Any, meter: Meter) -> Iterator[tuple[str, str]]:
    if score.metadata:
        for name, text in (("title", score.metadata.bestTitle), ("composer", score.metadata.composer)):
            yield name, " ".join((text or "").split())
    for signature in part.recurse().getElementsByClass("KeySignature")[:1]:
        key = signature.asKey()
        yield "key", key.tonic.name.replace("-", "b") + ("m" if key.mode == "minor" else "")
    yield "time", str(meter)
    for mark in score.recurse().getElementsByClass("MetronomeMark")[:1]:
        tempo = (mark.getQuarterBPM() or 0.0) * meter.unit / 4
        yield "tempo", f"{tempo:g}" if SLOWEST <= tempo <= FASTEST else ""


def _bars(part: Any, meter: Meter, harmony_class: type) -> Iterator[Bar]:
    """The whole bars of a part; a chord holds until the next. A pickup bar is left out."""
    ticks_a_quarter = TICKS * meter.unit / 4
    chord = NO_CHORD
    for measure in part.getElementsByClass("Measure"):
        if measure.paddingLeft:
            continue
        places = {0: chord}
        for symbol in measure.getElementsByClass(harmony_class):
            tick = round(float(symbol.offset) * ticks_a_quarter)
            places[min(tick, meter.bar - 1)] = chord = _chord(symbol)
        yield tuple(sorted(places.items()))


def _chord(symbol: Any) -> Chord:
    """A chord from root, kind, degrees and bass; of a kind that MusicXML calls "other", from the text shown."""
    if symbol.chordKind == "none" or symbol.root() is None:
        return NO_CHORD
    root, bass = _name(symbol.root()), _name(symbol.bass())
    suffix = _SUFFIXES.get(symbol.chordKind, symbol.chordKindStr or symbol.chordKind)
    degrees = [
        (change.degree, round(change.interval.semitones) if change.interval else 0, change.modType)
        for change in symbol.getChordStepModifications()
    ]
    if suffix == "sus4" and (7, 0, "add") in degrees:
        suffix = "7sus4"
        degrees.remove((7, 0, "add"))
    altered = [_degree(*degree) for degree in sorted(degrees)]
    return parse_chord(
        root + suffix + (f"({','.join(altered)})" if altered else "") + (f"/{bass}" if bass != root else "")
    )


def _name(pitch: Any) -> str:
    """A note name; double flats and sharps are respelt, for players write none as a root."""
    return pitch.step + _SIGNS[pitch.alter] if pitch.alter in _SIGNS else pitch_name(round(pitch.ps))


def _degree(degree: int, alter: int, change: str) -> str:
    if change == "subtract":
        return f"no{degree}"
    return f"{'b' if alter < 0 else '#'}{degree}" if alter else f"add{degree}"
