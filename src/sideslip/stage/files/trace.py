"""The trace: one JSON line a decision, everything the controller weighed."""

import json
from collections.abc import Iterable
from typing import Any

from sideslip.band.events import Decided
from sideslip.listen.harmony.tracker import Belief
from sideslip.music.dialogue import WrongNote
from sideslip.music.meter import TICKS, Meter
from sideslip.music.phrase import Phrase
from sideslip.outside.controller import Scored
from sideslip.outside.spelling import spelt

Record = dict[str, Any]


def record(decided: Decided, meter: Meter) -> Record:
    """A decision as the trace tells it: bar and beat of the answer counted from 1, onsets in beats from bar 1 (0.0)."""
    turn, choice = decided.turn, decided.choice
    return {
        "bar": meter.bar_of(turn.start),
        "beat": meter.beat_of(turn.start),
        "dial": turn.dial,
        "thinking_ms": round(decided.thinking * 1000, 1),
        "chosen": choice.index,
        "why": choice.why,
        **({"heard": _heard(decided.belief)} if decided.belief else {}),
        "mistakes": [_mistake(mistake) for mistake in turn.mistakes],
        "candidates": [_candidate(scored) for scored in choice.scored],
    }


def lines(decided: Iterable[Decided], meter: Meter) -> str:
    """The whole trace as JSON Lines."""
    return "".join(json.dumps(record(one, meter), ensure_ascii=False) + "\n" for one in decided)


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
