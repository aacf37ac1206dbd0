"""Events, asks and answers as plain JSON values: one form for the journal and for the proposer's process.

A moment is in seconds, a note is [onset, pitch, duration, velocity] in ticks, a chord is its symbol, MIDI bytes are
hexadecimal. Reading checks every field: what comes from a file or another process is not trusted. Raises ValueError
with a phrase that says what was wanted and found.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, get_args

from sideslip.band.bindings import CONTROLS, Control
from sideslip.band.controls import check
from sideslip.band.events import Ask, Event, Heard, Ideas, Nudged, Stopped, Turned, Woken
from sideslip.band.settings import DENSITIES, REGISTERS
from sideslip.errors import SideslipError
from sideslip.music.changes import Changes
from sideslip.music.chord import Chord, parse_chord
from sideslip.music.dialogue import STYLES, Foresight, Idea, Mending, Move, Outing, Source, Turn, Wish, WrongNote
from sideslip.music.meter import Meter
from sideslip.music.phrase import Note, Phrase
from sideslip.stage.fields import MAX_TICK, field, integer, listed, number, short, text
from sideslip.stage.jsonlines import Json

MAX_BYTES = 65_536
"""The longest MIDI message kept, in bytes."""

_SOURCES: dict[str, Source] = {name: name for name in get_args(Source)}
_MOVES: dict[str, Move] = {name: name for name in get_args(Move)}
_CONTROLS: dict[str, Control] = {name: name for name in CONTROLS}
_WISHED = {"outside": (0.0, 1.0), "density": DENSITIES, "register": REGISTERS}
_FORESEEN = {"bits": 1000.0, "doubt": 100.0, "home": 1.01}
"""The most that a note can have of what is foreseen."""


# ---------------------------------------------------------------- music


def _phrase_out(phrase: Phrase) -> list[list[int]]:
    return [_note_out(note) for note in phrase]


def _note_out(note: Note) -> list[int]:
    return [note.onset, note.pitch, note.duration, note.velocity]


def _phrase_in(data: Mapping[str, Any], name: str) -> Phrase:
    return Phrase.of(_note_in(item) for item in listed(data, name))


def _note_in(item: Any) -> Note:
    if not isinstance(item, list) or len(item) != 4 or any(type(value) is not int for value in item):
        raise ValueError(f"a note is [onset, pitch, duration, velocity] in whole numbers, found {short(item)}")
    onset, pitch, duration, velocity = item
    if not (abs(onset) <= MAX_TICK and 0 <= pitch <= 127 and 1 <= duration <= MAX_TICK and 1 <= velocity <= 127):
        raise ValueError(f"a note needs pitch 0..127, duration 1 or more, velocity 1..127; found {item}")
    return Note(onset, pitch, duration, velocity)


def _chord_in(symbol: str) -> Chord:
    try:
        return parse_chord(symbol)
    except SideslipError as error:
        raise ValueError(str(error)) from None


def _mistake_out(mistake: WrongNote) -> Json:
    return {
        "note": _note_out(mistake.note),
        "over": mistake.over.symbol,
        "foreign": mistake.foreign,
        "expected": list(mistake.expected),
        "resolved": mistake.resolved,
    }


def _mistake_in(item: Any) -> WrongNote:
    if not isinstance(item, dict):
        raise ValueError(f"a mistake must be an object, found {short(item)}")
    pitches, resolved = listed(item, "expected"), field(item, "resolved")
    for pitch in pitches:
        if type(pitch) is not int or not 0 <= pitch <= 127:
            raise ValueError(f"what was expected must be pitches 0..127, found {short(pitch)}")
    if type(resolved) is not bool:
        raise ValueError(f"'resolved' must be true or false, found {short(resolved)}")
    note, over = _note_in(field(item, "note")), _chord_in(text(item, "over"))
    return WrongNote(note, over, number(item, "foreign", 0, 1), tuple(pitches), resolved)


def _mending_out(mending: Mending) -> Json:
    note, over = _note_out(mending.note), mending.over.symbol
    return {"move": mending.move, "note": note, "over": over, "shift": mending.shift}


def _mending_in(item: Any) -> Mending:
    if not isinstance(item, dict):
        raise ValueError(f"a mending must be an object, found {short(item)}")
    move = text(item, "move")
    if move not in _MOVES:
        raise ValueError(f"a move is one of {', '.join(_MOVES)}, found {short(move)}")
    note, over = _note_in(field(item, "note")), _chord_in(text(item, "over"))
    return Mending(_MOVES[move], note, over, integer(item, "shift", -12, 12))


def _wish_in(item: Any) -> Wish:
    """A wish; what is not there, or null, is not wished for."""
    if not isinstance(item, dict):
        raise ValueError(f"a wish must be an object, found {short(item)}")
    asked = {name: value for name, value in item.items() if value is not None}
    style = asked.get("style")
    if style is not None and style not in STYLES:
        raise ValueError(f"a style is one of {', '.join(STYLES)}; found {short(style)}")
    return Wish(**{name: number(asked, name, *ends) for name, ends in _WISHED.items() if name in asked}, style=style)


def _changes_out(changes: Changes) -> Json:
    return {
        "starts": list(changes.starts),
        "chords": [chord.symbol for chord in changes.chords],
        "length": changes.length,
        "meter": str(changes.meter),
    }


def _changes_in(data: Any) -> Changes:
    if not isinstance(data, dict):
        raise ValueError(f"changes must be an object, found {short(data)}")
    starts, symbols = listed(data, "starts"), listed(data, "chords")
    if any(type(start) is not int for start in starts) or any(not isinstance(symbol, str) for symbol in symbols):
        raise ValueError("changes need whole numbers as starts and texts as chords")
    try:
        chords = tuple(_chord_in(symbol) for symbol in symbols)
        return Changes(tuple(starts), chords, integer(data, "length", 1), Meter.parse(text(data, "meter")))
    except SideslipError as error:
        raise ValueError(str(error)) from None


# ---------------------------------------------------------------- the proposer's process


def encode_ask(ask: Ask) -> Json:
    """An ask as plain values."""
    turn = ask.turn
    return {
        "ask": ask.ask,
        "seed": ask.seed,
        "start": turn.start,
        "end": turn.end,
        "changes": _changes_out(turn.changes),
        "call": _phrase_out(turn.call),
        "player": _phrase_out(turn.player),
        "partner": _phrase_out(turn.partner),
        "dial": turn.dial,
        "tempo": turn.tempo,
        "mistakes": [_mistake_out(mistake) for mistake in turn.mistakes],
        "wish": asdict(turn.wish),
    }


def decode_ask(data: Mapping[str, Any]) -> Ask:
    """Read an ask; one of before there were wishes wishes for nothing."""
    turn = Turn(
        start=integer(data, "start"),
        end=integer(data, "end"),
        changes=_changes_in(field(data, "changes")),
        call=_phrase_in(data, "call"),
        player=_phrase_in(data, "player"),
        partner=_phrase_in(data, "partner"),
        dial=number(data, "dial"),
        tempo=number(data, "tempo", 1, 10_000),
        mistakes=tuple(_mistake_in(item) for item in listed(data, "mistakes")),
        wish=_wish_in(data.get("wish", {})),
    )
    return Ask(integer(data, "ask"), turn, integer(data, "seed", 0, 2**63 - 1))


def encode_ideas(ideas: tuple[Idea, ...]) -> list[Json]:
    """Ideas as plain values."""
    return [_idea_out(idea) for idea in ideas]


def decode_ideas(data: Mapping[str, Any]) -> tuple[Idea, ...]:
    """Read the list under "ideas"."""
    return tuple(_idea_in(item) for item in listed(data, "ideas"))


def _idea_out(idea: Idea) -> Json:
    plain: Json = {"source": idea.source, "label": idea.label, "notes": _phrase_out(idea.phrase)}
    told: Json = {} if idea.foresight is None else {"foresight": asdict(idea.foresight)}
    if idea.outings:
        told["outings"] = [asdict(outing) for outing in idea.outings]
    return plain | told | ({} if idea.mending is None else {"mending": _mending_out(idea.mending)})


def _idea_in(item: Any) -> Idea:
    if not isinstance(item, dict):
        raise ValueError(f"an idea must be an object, found {short(item)}")
    source = text(item, "source")
    if source not in _SOURCES:
        raise ValueError(f"the source of an idea is one of {', '.join(_SOURCES)}, found {short(source)}")
    told = item.get("foresight")
    foresight = None if told is None else _foresight_in(told)
    mending = None if item.get("mending") is None else _mending_in(item["mending"])
    outings = tuple(_outing_in(one) for one in (listed(item, "outings") if "outings" in item else ()))
    return Idea(_phrase_in(item, "notes"), _SOURCES[source], text(item, "label"), foresight, mending, outings)


def _outing_in(item: Any) -> Outing:
    if not isinstance(item, dict):
        raise ValueError(f"an outing must be an object, found {short(item)}")
    return Outing(text(item, "device"), integer(item, "out"), integer(item, "home"))


def _foresight_in(item: Any) -> Foresight:
    if not isinstance(item, dict):
        raise ValueError(f"a foresight must be an object, found {short(item)}")
    bits, doubt, home = (_numbers(item, name, 0, most) for name, most in _FORESEEN.items())
    return Foresight(bits, doubt, home, None if item.get("open_end") is None else number(item, "open_end", 0, 1))


def _numbers(data: Mapping[str, Any], name: str, low: float, high: float) -> tuple[float, ...]:
    return tuple(number({name: value}, name, low, high) for value in listed(data, name))


# ---------------------------------------------------------------- events


def encode_event(event: Event) -> Json:
    """An event as plain values; the key "event" names its kind."""
    head: Json = {"event": type(event).__name__.lower(), "at": event.at}
    match event:
        case Heard():
            return head | {"message": event.message.hex()}
        case Ideas():
            return head | {"ask": event.ask, "thinking": event.thinking, "ideas": encode_ideas(event.ideas)}
        case Turned():
            return head | {"control": event.control, "value": event.value}
        case Nudged():
            return head | {"control": event.control, "by": event.by}
        case _:
            return head


def _heard_in(at: float, data: Mapping[str, Any]) -> Heard:
    message = text(data, "message", 2 * MAX_BYTES)
    try:
        return Heard(at, bytes.fromhex(message))
    except ValueError:
        raise ValueError(f"'message' must be hexadecimal, found {short(message)}") from None


def _ideas_in(at: float, data: Mapping[str, Any]) -> Ideas:
    return Ideas(at, integer(data, "ask"), decode_ideas(data), number(data, "thinking", 0))


def _control_in(data: Mapping[str, Any]) -> Control:
    name = text(data, "control")
    if name not in _CONTROLS:
        raise ValueError(f"a control is one of {', '.join(CONTROLS)}; found {short(name)}")
    return _CONTROLS[name]


def _turned_in(at: float, data: Mapping[str, Any]) -> Turned:
    control, value = _control_in(data), field(data, "value")
    try:
        check(control, value)
    except SideslipError as error:
        raise ValueError(str(error)) from None
    return Turned(at, control, value)


_EVENTS: dict[str, Callable[[float, Mapping[str, Any]], Event]] = {
    "heard": _heard_in,
    "ideas": _ideas_in,
    "woken": lambda at, data: Woken(at),
    "turned": _turned_in,
    "nudged": lambda at, data: Nudged(at, _control_in(data), integer(data, "by")),
    "stopped": lambda at, data: Stopped(at),
}


def decode_event(data: Mapping[str, Any]) -> Event:
    """Read an event of any kind."""
    name = text(data, "event")
    if name not in _EVENTS:
        raise ValueError(f"an event is one of {', '.join(_EVENTS)}; found {short(name)}")
    return _EVENTS[name](number(data, "at"), data)
