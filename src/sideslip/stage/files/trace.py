"""The trace: one JSON line a decision, everything the controller weighed."""

import json
from collections.abc import Iterable, Sequence
from math import inf
from typing import Any

from sideslip.band.events import Decided, Mended
from sideslip.listen.harmony.tracker import Belief
from sideslip.music.dialogue import WrongNote
from sideslip.music.meter import TICKS, Meter
from sideslip.music.phrase import Phrase
from sideslip.outside.controller import Scored
from sideslip.outside.spelling import spelt

Record = dict[str, Any]


def record(decided: Decided, meter: Meter, mended: Iterable[Mended] = ()) -> Record:
    """A decision as the trace tells it: bar and beat of the answer counted from 1, onsets in beats from bar 1 (0.0).

    `mended` is what was done later about notes of this answer that turned out wrong.
    """
    turn, choice = decided.turn, decided.choice
    return {
        "bar": meter.bar_of(turn.start),
        "beat": meter.beat_of(turn.start),
        "dial": turn.dial,
        "thinking_ms": round(decided.thinking * 1000, 1),
        "chosen": choice.index,
        "why": decided.why,
        **({"late": True} if decided.late else {}),
        **({"heard": _heard(decided.belief)} if decided.belief else {}),
        "mistakes": [_mistake(mistake) for mistake in turn.mistakes],
        "candidates": [_candidate(scored) for scored in choice.scored],
        **({"mended": found} if (found := [_mended(one) for one in mended]) else {}),
    }


def records(decided: Sequence[Decided], meter: Meter, mended: Sequence[Mended] = ()) -> list[Record]:
    """Every decision as the trace tells it."""
    ends = [*(one.at for one in decided[1:]), inf]
    return [
        record(one, meter, [later for later in mended if one.at <= later.at < end])
        for one, end in zip(decided, ends, strict=False)
    ]


def lines(decided: Sequence[Decided], meter: Meter, mended: Sequence[Mended] = ()) -> str:
    """The whole trace as JSON Lines."""
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records(decided, meter, mended))


def _mended(mended: Mended) -> Record:
    """What was done about notes that turned out wrong, and the line that was played from then on."""
    amends = [
        {
            "beat": round(one.note.onset / TICKS, 4),
            "note": one.note.pitch,
            "over": one.over.symbol,
            "landing": one.landing.pitch,
            "landing_beat": round(one.landing.onset / TICKS, 4),
        }
        for one in mended.amends
    ]
    return {"why": mended.why, "amends": amends, "notes": _notes(mended.line)}


def _heard(belief: Belief) -> Record:
    """What the player was taken to be playing over at the decision; `form_bar` counts from 1, 0 without a chart."""
    return {
        "chord": belief.chord.symbol,
        "probability": round(belief.probability, 4),
        "expected": belief.expected.symbol,
        "stance": belief.stance,
        "form_bar": belief.bar,
        "place": round(belief.place, 4),
    }


def _mistake(mistake: WrongNote) -> Record:
    """A wrong note by its onset in beats from bar 1, and by name and degree over its chord."""
    pitch, over = mistake.note.pitch, mistake.over
    return {
        "beat": round(mistake.note.onset / TICKS, 4),
        "note": pitch,
        "name": spelt(pitch, over),
        "over": over.symbol,
        "degree": over.degree(pitch),
        "expected": list(mistake.expected),
        "resolved": mistake.resolved,
    }


def _candidate(scored: Scored) -> Record:
    return {
        "source": scored.idea.source,
        **({"label": scored.idea.label} if scored.idea.label else {}),
        **({"move": scored.idea.mending.move} if scored.idea.mending else {}),
        "outside": round(scored.outside, 4),
        "surprise": round(scored.surprise, 3),
        "resolvability": round(scored.resolvability, 4),
        "motif": round(scored.motif, 4),
        "score": round(scored.score, 4),
        "terms": {name: round(value, 3) for name, value in scored.terms},
        "notes": _notes(scored.idea.phrase),
    }


def _notes(phrase: Phrase) -> list[list[float]]:
    return [[round(n.onset / TICKS, 4), n.pitch, round(n.duration / TICKS, 4), n.velocity] for n in phrase]
