"""A corpus of hostile MIDI files, charts and scores, made by code: (name, bytes)."""

import io
import zipfile
from collections.abc import Iterable, Iterator

Named = Iterator[tuple[str, bytes]]

NOTE = b"\x00\x90\x3c\x50\x60\x80\x3c\x40"
"""A quarter note at 96 ticks a quarter: delta, on, delta, off."""
END = b"\x00\xff\x2f\x00"

ESCAPES = "\x1b]0;owned\x07\x1b[2J\x1b[31m\u202e\u2066evil\r\nfake line"
"""What a terminal would obey: a new title, a cleared screen, colour, text from right to left, a line of its own."""


def smf(*tracks: bytes, kind: int = 1, division: int = 96, count: int | None = None) -> bytes:
    """A MIDI file of whole tracks; `count` is how many it claims."""
    said = len(tracks) if count is None else count
    head = b"MThd" + (6).to_bytes(4) + kind.to_bytes(2) + said.to_bytes(2) + division.to_bytes(2)
    return head + b"".join(b"MTrk" + len(track).to_bytes(4) + track for track in tracks)


def meta(kind: int, data: bytes, delta: bytes = b"\x00") -> bytes:
    """A meta event of up to 127 bytes."""
    return delta + bytes((0xFF, kind, len(data))) + data


def midi_files() -> Named:
    """No reader of MIDI files may play any of these."""
    whole = smf(NOTE * 8 + END)
    yield "empty", b""
    yield "text", b"this is no MIDI file\n" * 50
    yield "riff", b"RIFF" + len(whole).to_bytes(4, "little") + b"RMIDdata" + whole
    yield "zeros", bytes(100_000)
    yield "header-alone", whole[:14]
    yield "header-endless", whole[:4] + b"\xff\xff\xff\xff" + whole[8:]
    yield "type-2", smf(NOTE + END, kind=2)
    yield "type-65535", smf(NOTE + END, kind=65535)
    yield "division-0", smf(NOTE + END, division=0)
    yield "smpte", smf(NOTE + END, division=0xE728)
    yield "tracks-missing", smf(NOTE + END, count=65535)
    yield "tracks-empty", smf(*[b""] * 60_000)
    yield "track-endless", whole[:18] + b"\xff\xff\xff\xff" + whole[22:]
    yield "no-notes", smf(END)
    yield "no-notes-velocity-0", smf(b"\x00\x90\x3c\x00" * 10 + END)
    yield "delta-endless", smf(b"\xff" * 1_000_000)
    yield "delta-endless-zeros", smf(b"\x80" * 9_900_000)
    yield "delta-5-bytes", smf(b"\x80\x80\x80\x80\x00\x90\x3c\x50" + END)
    yield "deltas-largest", smf(b"\xff\xff\xff\x7f\x90\x3c\x50" * 100_000 + END, division=1)
    yield "meta-endless", smf(b"\x00\xff\x01\xff\xff\xff\x7f" + b"x" * 1000)
    yield "metas-without-end", smf(b"\x00\xff\x01\x00" * 2_400_000)
    yield "sysex-endless", smf(b"\x00\xf0\xff\xff\xff\x7f" + bytes(1000))
    yield "sysex-without-end", smf(b"\x00\xf0\x00" * 3_200_000)
    yield "status-missing", smf(b"\x00\x3c\x50" + END)
    yield "status-unknown", smf(b"\x00\xf4" + END)
    yield "data-above-127", smf(b"\x00\x90\xff\xff" + END)
    yield "running-status-flood", smf(b"\x00\x90" + b"\x3c\x50\x00" * 3_200_000)
    yield "notes-flood", smf(b"\x00\x90\x3c\x50" + b"\x00\x3c\x00\x00\x3c\x50" * 41_000 * 3 + END)
    yield "notes-too-many", smf((b"\x01\x90\x3c\x50" + b"\x01\x3c\x00") * 61_000 + END)
    yield "metre-255", smf(meta(0x58, b"\xff\xff\x18\x08") + NOTE + END)
    yield "metre-0", smf(meta(0x58, b"\x00\x00\x18\x08") + NOTE + END)
    yield "metre-changes", smf(meta(0x58, b"\x04\x02\x18\x08") + NOTE + meta(0x58, b"\x03\x02\x18\x08") + NOTE + END)
    yield "metre-other", smf(meta(0x58, b"\x05\x02\x18\x08") + NOTE * 8 + END)
    yield "zip", zipped({"call.mid": whole})
    yield "gzip", b"\x1f\x8b\x08\x00" + bytes(100)
    yield "pickle", PICKLE


def hard_midi_files() -> Named:
    """Legal as far as the standard goes: played or refused, but in bounded time and memory."""
    yield "tempo-fastest", smf(meta(0x51, b"\x00\x00\x01") + NOTE * 8 + END)
    yield "tempo-slowest", smf(meta(0x51, b"\xff\xff\xff") + NOTE * 8 + END)
    yield "tempo-0", smf(meta(0x51, b"\x00\x00\x00") + NOTE * 8 + END)
    yield (
        "tempi",
        smf(NOTE + meta(0x51, b"\x07\xa1\x20", b"\x01") * 60_000 + meta(0x51, b"\x07\xa1\x21", b"\x01") + END),
    )
    yield (
        "tempi-all-different",
        smf(NOTE + b"".join(meta(0x51, (500_000 + n).to_bytes(3), b"\x01") for n in range(80_000)) + END),
    )
    yield "tempo-of-2-bytes", smf(meta(0x51, b"\x07\xa1") + NOTE * 8 + END)
    yield "names", smf(meta(0x03, ESCAPES.encode()) + meta(0x01, b"\xff\xfe\x00") + NOTE * 8 + END)
    yield "durations-0", smf(b"\x00\x90\x3c\x50\x00\x80\x3c\x40" * 200 + END)
    yield "never-let-go", smf(b"".join(bytes((1, 0x90 | n % 16, n * 7 % 128, 80)) for n in range(2000)) + END)
    yield "let-go-alone", smf(b"\x00\x80\x3c\x40" * 5000 + NOTE + END)
    yield "pedal-forever", smf(b"\x00\xb0\x40\x7f" + NOTE * 40 + END)
    yield "controllers", smf(b"\x00\xb0\x07\x7f" * 50_000 + NOTE + END)
    yield "chord-of-all-keys", smf(b"".join(bytes((0, 0x90, key, 80)) for key in range(128)) + NOTE * 4 + END)
    yield "after-the-end", smf(NOTE * 4 + END + b"\xff" * 1000)
    yield "drums-alone", smf(b"\x00\x99\x3c\x50\x60\x89\x3c\x40" * 8 + END)
    yield "thousand-tracks", smf(*[NOTE + END] * 1000)
    yield "other-chunks", smf(NOTE * 4 + END) + b"XFIH" + (4).to_bytes(4) + b"abcd"
    yield "header-longer", b"MThd" + (10).to_bytes(4) + smf(NOTE * 4 + END)[8:14] + b"more" + smf(NOTE * 4 + END)[14:]
    yield "one-note-long", smf(b"\x00\x90\x3c\x50" + b"\x8e\x00\x80\x3c\x40" + END)


# ---------------------------------------------------------------- charts

BARS = "| F7 | Bb7 | F7 | Cm7 F7 |\n"


def charts() -> Named:
    """No chart text."""
    texts = {
        "blank": "\n" * 90_000,
        "no-bars": "title: nothing\nkey: F\n",
        "one-endless-line": "| F7 " * 19_000,
        "one-endless-word": "A" * 99_000,
        "one-endless-chord": "| F" + "7" * 90_000 + " |",
        "too-long": BARS * 10_000,
        "bars-without-end": "| F7 " * 1100 + "|",
        "chords-without-end": "| " + "F7 " * 30_000 + "|",
        "endings": "|: F7 |1 Bb7 " + "".join(f":|{n} Bb7 " for n in range(2, 10)) * 500 + "|",
        "repeats": "|: F7 :|" * 12_000,
        "repeats-nested": "|: " * 5000 + "F7 " + ":| " * 5000,
        "repeats-of-repeats": ("|: " + "| F7 " * 400 + ":|") * 6,
        "sections-without-end": "".join(f"[s{n}]\n| F7 |\n" for n in range(6000)),
        "sections-alike": "".join(f"[A]\n| F{n % 7} |\n" for n in range(4000)),
        "form-endless": "form: " + "A" * 50_000 + "\n[A]\n| F7 |\n",
        "form-unknown": "form: " + "\x1b[31m" * 20 + "\n[A]\n| F7 |\n",
        "time-0": "time: 0/4\n" + BARS,
        "time-255": "time: 255/64\n" + BARS,
        "time-enormous": "time: " + "9" * 5000 + "/4\n" + BARS,
        "time-superscript": "time: ²/4\n" + BARS,
        "tempo-0": "tempo: 0\n" + BARS,
        "tempo-1e308": "tempo: 1e308\n" + BARS,
        "tempo-nan": "tempo: nan\n" + BARS,
        "tempo-inf": "tempo: inf\n" + BARS,
        "tempo-words": "tempo: " + "fast " * 1000 + "\n" + BARS,
        "key-h": "key: H\n" + BARS,
        "key-endless": "key: " + "F" * 50_000 + "\n" + BARS,
        "feel": "feel: " + "a" * 50_000 + "\n" + BARS,
        "headers-near": "titel: x\n" + BARS,
        "escapes": f"{ESCAPES}\n" + BARS,
        "escapes-in-a-chord": "| F7 | \x1b[31mBb7 |\n",
        "escapes-in-a-label": "[\x1b[2J]\n| H7 |\n",
        "html": "<html><script>alert(1)</script></html>\n",
        "xml": "<score-partwise/>",
        "python": "__import__('os').system('touch executed')\n",
        "template": "${jndi:ldap://127.0.0.1/a} {{7*7}} %s%s%n\n| %s |\n",
        "time-twice": "time: 4/4\ntime: 3/4\n" + BARS,
        "rtl": "\u202e| 7F |\n",
        "nul-later": BARS + "\x00",
    }
    for name, text in texts.items():
        yield name, text.encode()
    yield "empty", b""
    yield "zeros", bytes(50_000)
    yield "utf-16", BARS.encode("utf-16")
    yield "utf-16-be", BARS.encode("utf-16-be")
    yield "utf-32", BARS.encode("utf-32")
    yield "latin-1", ("title: Café\n" + BARS).encode("latin-1")
    yield "surrogates", b"title: \xed\xa0\x80\n" + BARS.encode()
    yield "overlong", b"title: \xc0\xae\xc0\xae\n" + BARS.encode()
    yield "midi", smf(NOTE + END)
    yield "pickle", PICKLE
    yield "large", b"# " + b"x" * 3_000_000
    yield "zip", zipped({"chart.txt": BARS.encode()})


def hard_charts() -> Named:
    """Odd charts that are ones: shown, and nothing that a terminal would obey reaches it."""
    yield "bom", "\ufefftitle: a\n".encode() + BARS.encode()
    yield "newlines-mixed", ("title: a\rkey: F\r\n" + BARS.replace("\n", "\u2028")).encode()
    yield (
        "title-escapes",
        ("title: " + ESCAPES.partition("\r")[0] + "\ncomposer: \x9b31m\x85\n").encode() + BARS.encode(),
    )
    yield "title-html", b"title: </title><script>alert(1)</script>\n" + BARS.encode()
    yield "title-endless", b"title: " + b"x" * 90_000 + b"\n" + BARS.encode()
    yield "label-escapes", "[\x1b[31mA\u202e]\n".encode() + BARS.encode()
    yield "remarks", b"".join(b"q%d:\n" % n for n in range(12_000)) + BARS.encode()
    yield "remarks-short", b"q:\n" * 32_000 + BARS.encode()
    yield "comments", b"#\n" * 49_000 + BARS.encode()
    yield "thousand-bars", b"time: 16/4\n" + b"| F7 Bb7 C7 Dm7 / / / / / / / / / / / / " * 1000 + b"|"
    yield "thousand-chords", b"".join(b"| %s%s " % (r, q) for r in ROOTS for q in KINDS) + b"|"
    yield "rtl-title", "title: \u05e9\u05dc\u05d5\u05dd \u200f\u202e\n".encode() + BARS.encode()


ROOTS = [b"C", b"Db", b"D", b"Eb", b"E", b"F", b"F#", b"G", b"Ab", b"A", b"Bb", b"B"]
KINDS = [b"", b"m", b"7", b"maj7", b"m7", b"m7b5", b"dim7", b"7alt", b"7#9", b"13(#11)", b"sus4", b"6/9", b"mMaj7"]

# ---------------------------------------------------------------- scores

HARMONY = "<harmony><root><root-step>C</root-step></root><kind>dominant</kind></harmony>"
REST = "<note><rest/><duration>4</duration></note>"
HEAD = "<attributes><divisions>1</divisions><time><beats>4</beats><beat-type>4</beat-type></time></attributes>"


def score(bars: Iterable[str], before: str = "", declaration: str = "<?xml version='1.0'?>") -> str:
    """A MusicXML score of some bars, in 4/4 unless they begin otherwise."""
    measures = "".join(f'<measure number="{n}">{bar}</measure>' for n, bar in enumerate(bars, 1))
    parts = '<part-list><score-part id="P1"><part-name>x</part-name></score-part></part-list>'
    return f"{declaration}{before}<score-partwise>{parts}<part id='P1'>{measures}</part></score-partwise>"


def bar(content: str = HARMONY + REST) -> str:
    """The first bar of a score."""
    return HEAD + content


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _entities(count: int) -> str:
    lines = ['<!ENTITY a0 "ha">', *(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, count))]
    return f"<!DOCTYPE score-partwise [{''.join(lines)}]>"


def scores() -> Named:
    """No score; all under a name that ends in .musicxml."""
    texts = {
        "empty": "",
        "blank": " " * 100_000,
        "no-xml": BARS,
        "torn": score([bar()])[:-20],
        "html": "<html/>",
        "timewise": "<score-timewise/>",
        "no-part": "<score-partwise/>",
        "no-bars": score([]),
        "no-harmony": score([HEAD + REST]),
        "billion-laughs": score([bar("&a29;")], _entities(30)),
        "entity-quadratic": score(["&a0;" * 10_000], _entities(1)),
        "entity-external": score([bar("&x;")], "<!DOCTYPE score-partwise [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"),
        "entity-parameter": score(
            [bar()], "<!DOCTYPE score-partwise [<!ENTITY % x SYSTEM 'http://127.0.0.1:1/x'> %x;]>"
        ),
        "entity-unknown": score([bar("&nobody;")]),
        "repeat-a-million": score([bar() + '<barline><repeat direction="backward" times="1000000"/></barline>']),
        "repeat-nested": score([bar() + FORWARD] + [HARMONY + REST + FORWARD] * 10 + [HARMONY + REST + BACKWARD] * 11),
        "ending-1-999": score([bar() + '<barline><ending number="1-999" type="start"/></barline>']),
        "bars-too-many": score([bar(), *[REST] * 1001]),
        "time-0": score([HEAD.replace("<beats>4", "<beats>0") + HARMONY + REST]),
        "time-255": score([HEAD.replace("<beats>4", "<beats>255") + HARMONY + REST]),
        "time-enormous": score([HEAD.replace("<beats>4", "<beats>" + "9" * 5000) + HARMONY + REST]),
        "time-words": score([HEAD.replace("<beats>4", "<beats>four") + HARMONY + REST]),
        "divisions-0": score([HEAD.replace("<divisions>1", "<divisions>0") + HARMONY + REST]),
        "divisions-negative": score([HEAD.replace("<divisions>1", "<divisions>-1") + HARMONY + REST]),
        "divisions-nan": score([HEAD.replace("<divisions>1", "<divisions>nan") + HARMONY + REST]),
        "duration-1e308": score([bar(REST.replace(">4<", ">1e308<") + HARMONY)]),
        "duration-words": score([bar(REST.replace(">4<", ">long<") + HARMONY)]),
        "root-q": score([bar(HARMONY.replace(">C<", ">Q<") + REST)]),
        "root-escapes": score([bar(HARMONY.replace(">C<", ">\u202eC<") + REST)]),
        "root-missing": score([bar("<harmony><kind>major</kind></harmony>" + REST)]),
        "alter-1e9": score([bar(HARMONY.replace("</root-step>", "</root-step><root-alter>1e9</root-alter>") + REST)]),
        "kind-unknown": score([bar(HARMONY.replace("dominant", "Neapolitan") + REST)]),
        "kind-endless": score([bar(HARMONY.replace("dominant", "x" * 1_000_000) + REST)]),
        "degree-1e9": score([bar(HARMONY.replace("</kind>", "</kind>" + DEGREE) + REST)]),
        "deep": "<score-partwise>" + "<a>" * 2_000_000,
        "deep-and-closed": "<score-partwise>" + "<a>" * 500_000 + "</a>" * 500_000 + "</score-partwise>",
        "attributes": "<score-partwise " + " ".join(f'a{n}="x"' for n in range(200_000)) + "/>",
        "attribute-endless": '<score-partwise a="' + "x" * 7_000_000 + '"/>',
        "name-endless": "<" + "x" * 7_000_000 + "/>",
        "namespaces": '<x:score-partwise xmlns:x="http://www.w3.org/2001/XInclude"/>',
        "xinclude": '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>',
        "stylesheet": score(["x"], "<?xml-stylesheet href='file:///etc/passwd'?>"),
        "comment-endless": "<!--" + "-x" * 3_000_000,
        "nul": score([bar("\x00")]),
        "metre-changes": score([bar(), HEAD.replace("<beats>4", "<beats>3") + REST]),
    }
    for name, text in texts.items():
        yield name, text.encode()
    for encoding in ("shift_jis", "utf-7", "base64", "nobody", "idna", "punycode", "undefined", "utf-32"):
        yield (
            f"encoding-{encoding}",
            score([bar()], declaration=f"<?xml version='1.0' encoding='{encoding}'?>").encode(),
        )
    yield (
        "entities-utf-16",
        score([bar("&a9;")], _entities(10), "<?xml version='1.0' encoding='UTF-16'?>").encode("utf-16"),
    )
    yield "large", b"<score-partwise>" + b" " * 9_000_000
    yield "pickle", PICKLE


def archives() -> Named:
    """No compressed score; all under a name that ends in .mxl."""
    whole = score([bar()]).encode()
    yield "empty", b""
    yield "torn", zipped({"score.xml": whole})[:-30]
    yield "damaged", zipped({"score.xml": whole}).replace(whole[:0] + b"score.xml", b"scare.xml", 1)
    yield "no-score", zipped({"readme.txt": b"hello"})
    yield "bomb", zipped({"score.xml": bytes(200_000_000)})
    yield "bomb-of-many", zipped({f"{n}.xml": b" " * 1_000_000 for n in range(150)})
    yield "many-files", zipped({f"{n}": b"" for n in range(60_000)}, zipfile.ZIP_STORED)
    yield "nested", zipped({"score.xml": zipped({"score.xml": whole})})
    yield "slip", zipped({"../../slipped.xml": b"<x/>", "/slipped.xml": b"<x/>"})
    yield "slip-windows", zipped({"..\\..\\slipped.xml": b"<x/>"})
    yield "lies", zipped({"score.xml": b" " * 9_000_000}).replace((9_000_000).to_bytes(4, "little"), b"\x64\0\0\0")
    yield "encrypted", _flagged(zipped({"score.xml": whole}))
    yield "lzma-broken", _garbled(zipped({"score.xml": whole * 50}, zipfile.ZIP_LZMA))
    yield "bzip2-broken", _garbled(zipped({"score.xml": whole * 50}, zipfile.ZIP_BZIP2))
    yield "deflate-broken", _garbled(zipped({"score.xml": whole * 50}))
    yield "method-unknown", _method(zipped({"score.xml": whole}), 99)
    yield "entities", zipped({"score.xml": score([bar("&a29;")], _entities(30)).encode()})
    yield "large", b"PK\3\4" + bytes(9_000_000)
    yield "name-escapes", zipped({"\x1b[31m\u202e.xml": b"<x>\x1b"})


def _flagged(archive: bytes) -> bytes:
    """The first file said to be encrypted, in both its headers."""
    found = bytearray(archive)
    found[6] |= 1
    found[archive.index(b"PK\1\2") + 8] |= 1
    return bytes(found)


def _garbled(archive: bytes) -> bytes:
    """The packed bytes of the first file turned over."""
    start, end = 30 + len("score.xml"), archive.index(b"PK\1\2")
    return archive[:start] + bytes(byte ^ 0x5A for byte in archive[start:end]) + archive[end:]


def _method(archive: bytes, number: int) -> bytes:
    """Packed by a method of this number, as it says in both its headers."""
    found = bytearray(archive)
    found[8:10] = number.to_bytes(2, "little")
    at = archive.index(b"PK\1\2") + 10
    found[at : at + 2] = number.to_bytes(2, "little")
    return bytes(found)


def hard_scores() -> Named:
    """Scores to be read, however large and odd, in bounded time."""
    yield "plain", score([bar()]).encode()
    yield "chords", score([bar(HARMONY * 20_000 + REST)]).encode()
    yield "latin-1", score([bar()], declaration="<?xml version='1.0' encoding='ISO-8859-1'?>").encode("latin-1")
    yield "utf-16", score([bar()], declaration="<?xml version='1.0' encoding='UTF-16'?>").encode("utf-16")
    yield (
        "doctype",
        score([bar()], '<!DOCTYPE score-partwise PUBLIC "-//X//DTD//EN" "http://127.0.0.1:1/partwise.dtd">').encode(),
    )
    yield "thousand-bars", score([bar(), *[HARMONY + REST] * 999]).encode()
    yield "notes", score([bar(), *[HARMONY + (NOTES * 16)] * 800]).encode()
    yield "parts", score([bar()]).replace("</part>", "</part>" + "<part id='P1'><measure/></part>" * 20_000).encode()
    yield (
        "words",
        score([bar("<direction><direction-type><words>&#27;x</words></direction-type></direction>")])
        .replace("&#27;", "D.C. " * 10_000)
        .encode(),
    )
    yield (
        "title-odd",
        score([bar()])
        .replace("<part-list>", "<work><work-title>\u202eevil\u2066</work-title></work><part-list>")
        .encode(),
    )


FORWARD = '<barline location="left"><repeat direction="forward"/></barline>'
BACKWARD = '<barline location="right"><repeat direction="backward"/></barline>'
DEGREE = (
    "<degree><degree-value>1000000000</degree-value><degree-alter>9e99</degree-alter>"
    "<degree-type>add</degree-type></degree>"
)
NOTES = "<note><pitch><step>C</step><octave>4</octave></pitch><duration>0.25</duration><type>16th</type></note>"

PICKLE = b"\x80\x04\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x0etouch executed\x94\x85\x94R\x94."
"""What runs `touch executed` when it is unpickled."""
