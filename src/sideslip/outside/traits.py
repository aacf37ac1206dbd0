"""Traits of lines, for the critic: numbers by which real lines can be told from almost real ones.

Three kinds: how likely a line is (to the melodic and the harmonic model, to this conversation, to the model that
proposes), its shape, and how what it leaves is resolved. Where nobody can say (no model was asked, nothing is
chromatic) a trait is NaN.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sideslip.music.changes import Changes
from sideslip.music.chord import NO_CHORD
from sideslip.music.dialogue import Foresight
from sideslip.music.meter import TICKS, Meter
from sideslip.music.phrase import Note, Phrase
from sideslip.outside.hearing import Hearing, hear
from sideslip.outside.lines import Bools, Floats, Ints, Lines
from sideslip.outside.means import mean_at, most_at, spread_at
from sideslip.outside.session import STEP, Session, habits
from sideslip.outside.tables import ListeningTables

STRONG, BEAT = 1.0, 0.85
"""Metrical weight of a strong beat, and of a beat, at least."""


@dataclass(frozen=True, slots=True, eq=False)
class Foreseen:
    """What a model foresaw of K lines, (K, N) each, NaN where it was not asked: `bits` of each pitch, how many it
    had expected (`doubt`), and how likely it thought after each note that the next would be a chord tone reached by
    step (`home`); and (K,) how likely an open end comes home by itself, 0 where the line does not end on a foreign
    note."""

    bits: Floats
    doubt: Floats
    home: Floats
    open_end: Floats

    @classmethod
    def of(cls, told: Sequence[Foresight | None], notes: int) -> "Foreseen":
        """What was foreseen of each line, as arrays N = `notes` wide."""
        bits, doubt, home = np.full((3, len(told), notes), np.nan)
        open_end = np.zeros(len(told))
        for row, foresight in enumerate(told):
            if foresight is not None:
                bits[row, : len(foresight.bits)] = foresight.bits[:notes]
                doubt[row, : len(foresight.doubt)] = foresight.doubt[:notes]
                home[row, : len(foresight.home)] = foresight.home[:notes]
                open_end[row] = foresight.open_end or 0.0
        return cls(bits, doubt, home, open_end)


def traits(hearing: Hearing, foreseen: Foreseen, session: Session) -> Mapping[str, Floats]:
    """Every trait by name, (K,) each, of lines that go on from a session."""
    return {
        **_likelihood(hearing, foreseen, session),
        **_shape(hearing, session),
        **_resolution(hearing),
        **_place(hearing),
        **_ahead(hearing, foreseen),
    }


def known() -> frozenset[str]:
    """The names of all traits, found by measuring a note."""
    lines = Lines.over(Changes((0,), (NO_CHORD,), TICKS, Meter()), [Phrase((Note(0, 60, TICKS),))])
    session = Session.of((), None)
    return frozenset(traits(hear(lines, ListeningTables.unlearnt(), session), Foreseen.of([None], 1), session))


def _likelihood(hearing: Hearing, foreseen: Foreseen, session: Session) -> dict[str, Floats]:
    surprise, chromatic = hearing.surprise, hearing.outsideness.chromatic
    counted, plain = surprise.counted, surprise.counted & ~chromatic
    asked = np.isfinite(foreseen.bits)
    told = counted & asked
    bits, doubt = (np.where(asked, each, 0.0) for each in (foreseen.bits, foreseen.doubt))
    return {
        "melody": mean_at(surprise.melody, counted),
        "harmony": mean_at(surprise.harmony, counted),
        "both": mean_at(surprise.both, counted),
        "session": mean_at(surprise.session, counted & (session.intervals is not None)),
        "model": mean_at(bits, told),
        "doubt": mean_at(doubt, told),
        "beyond_doubt": mean_at(bits - doubt, told),
        "both_spread": spread_at(surprise.both, counted),
        "melody_most": most_at(surprise.melody, counted),
        "harmony_most": most_at(surprise.harmony, counted),
        "both_most": most_at(surprise.both, counted),
        "model_spread": spread_at(bits, told),
        "model_most": most_at(bits, told),
        "beyond_doubt_most": most_at(bits - doubt, told),
        "joint": surprise.joint,
        "melody_at_chromatic": mean_at(surprise.melody, counted & chromatic) - mean_at(surprise.melody, plain),
        "model_at_chromatic": mean_at(bits, told & chromatic) - mean_at(bits, told & ~chromatic),
    }


def _shape(hearing: Hearing, session: Session) -> dict[str, Floats]:
    """How the line moves, by itself and beside what was played before."""
    lines, valid = hearing.lines, hearing.lines.valid
    notes = np.maximum(1, valid.sum(axis=1))
    high, low = np.where(valid, lines.pitch, -1), np.where(valid, lines.pitch, 128)
    top, middle = high.max(axis=1), (lines.pitch * valid).sum(axis=1) / notes
    classes = (valid[..., None] & (lines.pitch[..., None] % 12 == np.arange(12))).any(axis=1).sum(axis=1)
    own = habits(lines.pitch, valid)
    apart = {f"{name}_apart": abs(own[name] - usual) for name, usual in session.habits.items()}
    return {
        **own,
        **{f"{name}_apart": apart.get(f"{name}_apart", np.full(len(notes), np.nan)) for name in own},
        "range": (top - low.min(axis=1)) / 12.0,
        "pitch_classes": classes / np.minimum(12, notes),
        "off_register": abs(middle - (np.nan if session.register is None else session.register)) / 12,
        "climax": high.argmax(axis=1) / notes,
        "falls_to": (lines.pitch[lines.last] - middle) / 12,
        "beat_stride": _between_beats(hearing),
    }


def _between_beats(hearing: Hearing) -> Floats:
    """The mean interval from a note on a beat to the next on one, (K,): how smooth the line beneath the line is."""
    lines = hearing.lines
    on = lines.valid & (lines.metre >= BEAT)
    last = np.maximum.accumulate(np.where(on, np.arange(on.shape[1]), -1), axis=1)[:, :-1]
    before = np.take_along_axis(lines.pitch, np.maximum(last, 0), axis=1)
    return mean_at(abs(lines.pitch[:, 1:] - before), on[:, 1:] & (last >= 0))


def _resolution(hearing: Hearing) -> dict[str, Floats]:
    lines, out, resolution = hearing.lines, hearing.outsideness, hearing.resolution
    chromatic, inside = out.chromatic, lines.valid & ~out.chromatic
    step = abs(np.diff(lines.pitch, axis=1))
    stepped = (step >= 1) & (step <= STEP)
    leaves = chromatic[:, :-1] & inside[:, 1:]
    return {
        "static": hearing.static,
        "outside": hearing.outside,
        "exits": resolution.exits,
        "exits_by_step": mean_at(stepped, leaves),
        "exits_to_chord_tone": mean_at(out.chord_tone[:, 1:], leaves),
        "chromatic": mean_at(chromatic, lines.heard),
        "ornaments": mean_at(out.ornament, chromatic),
        "longest_away": _longest(chromatic).astype(np.float64),
        "shift_fit": hearing.shift.fit.max(axis=1),
        "shift_gain": hearing.shift.fit.max(axis=1) - hearing.shift.fit[:, 0],
    }


def _place(hearing: Hearing) -> dict[str, Floats]:
    """Where in the bar and in the phrase it is foreign."""
    lines, out = hearing.lines, hearing.outsideness
    at, heard = lines.last, lines.heard
    notes = np.maximum(1, lines.valid.sum(axis=1, keepdims=True))
    through = np.arange(lines.pitch.shape[1]) / notes
    thirds = [heard & (through >= a) & (through < b) for a, b in ((0, 1 / 3), (1 / 3, 2 / 3), (2 / 3, 1))]
    first, middle, end = (mean_at(hearing.shift.smoothed, third) for third in thirds)
    lasting = lines.duration / TICKS
    return {
        "first": out.b[:, 0],
        "last": out.b[at],
        "ends_on_chord_tone": out.chord_tone[at].astype(np.float64),
        "ends_away": hearing.shift.smoothed[at],
        "strong_chord_tones": mean_at(out.chord_tone, heard & (lines.metre >= STRONG)),
        "on_beats": mean_at(out.b, heard & (lines.metre >= BEAT)),
        "off_beats": mean_at(out.b, heard & (lines.metre < BEAT)),
        "long_foreign": np.minimum(lasting * out.chromatic * ~out.ornament, 2.0).max(axis=1),
        "arrivals": mean_at(out.chord_tone, heard & (lines.since < TICKS // 2)),
        "arc": middle - end,
        "rise": end - first,
    }


def _ahead(hearing: Hearing, foreseen: Foreseen) -> dict[str, Floats]:
    """How likely the model thought it, where the line was foreign, that it would come home at once, and how well it
    foretold (log2 P) whether it did."""
    out, asked = hearing.outsideness, np.isfinite(foreseen.home)
    home, chromatic = np.where(asked, foreseen.home, 0.0), out.chromatic & asked
    came = np.zeros_like(out.chromatic)
    step = abs(np.diff(hearing.lines.pitch, axis=1))
    came[:, :-1] = out.chord_tone[:, 1:] & (step >= 1) & (step <= STEP)
    foretold = np.log2(np.clip(np.where(came, home, 1.0 - home), 1e-3, 1.0))
    return {
        "home_ahead": mean_at(home, chromatic),
        "home_foretold": mean_at(foretold, chromatic),
        "inside_foretold": mean_at(foretold, asked & ~out.chromatic & hearing.lines.heard),
    }


def _longest(marked: Bools) -> Ints:
    """The longest run of marked notes of each line, (K,)."""
    upto = np.cumsum(marked, axis=1)
    run: Ints = upto - np.maximum.accumulate(np.where(marked, 0, upto), axis=1)
    return run.max(axis=1)  # type: ignore[no-any-return]
