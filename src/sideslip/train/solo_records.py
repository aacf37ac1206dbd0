"""One solo as an object of the JSON Lines form that `train.solos.read_solos` reads."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from sideslip.music.meter import TICKS
from sideslip.train.solos import NO_BASS, Solo

Record = dict[str, Any]
"""The scalars of a solo, and `beats` and `notes` as parallel lists; the fields are those of `of_solo`."""

NO_CHORD = "NC"
"""Where nobody plays a chord."""

_OTHER_NAMES = {"cherokee-ii": "cherokee", "thriving-on-a-riff": "anthropology", "vierd-blues": "trane-s-blues"}
"""Tunes that the Weimar Jazz Database holds under two names each."""


def tune_key(title: str) -> str:
    """What solos over one tune share, to keep them on one side of a split: the title in lower-case words."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", title.casefold()) if not unicodedata.combining(c))
    words = re.sub(r"[\W_]+", "-", letters).strip("-")
    return _OTHER_NAMES.get(words, words)


def sounding(chords: Sequence[str]) -> list[str] | None:
    """The same with every "NC" replaced by the last chord, before the first chord by that; None where there is none."""
    chord = next((one for one in chords if one != NO_CHORD), None)
    if chord is None:
        return None
    held = []
    for one in chords:
        chord = chord if one == NO_CHORD else one
        held.append(chord)
    return held


def of_solo(solo: Solo) -> Record:
    """The record of a solo; `read_solos` makes the same solo of it."""
    return {
        "id": solo.id,
        "group": solo.group,
        "performer": solo.performer,
        "title": solo.title,
        "style": solo.style,
        "rhythm_feel": solo.feel,
        "key": solo.key,
        "signature": str(solo.meter),
        "avg_tempo": solo.tempo,
        "beats": {
            "bar": solo.bar.tolist(),
            "beat": solo.beat.tolist(),
            "num": solo.num.tolist(),
            "chorus": solo.chorus.tolist(),
            "chord": list(solo.chord),
            "harm": None if solo.harm is None else list(solo.harm),
            "bass": [None if pitch == NO_BASS else pitch for pitch in solo.bass.tolist()],
        },
        "notes": {
            "b": (solo.onset_ticks // TICKS).tolist(),
            "tat": (solo.onset_ticks % TICKS + 1).tolist(),
            "div": [TICKS] * len(solo),
            "pos": solo.performed.tolist(),
            "p": solo.pitch.tolist(),
            "v": solo.velocity.tolist(),
            "db": solo.duration_beats.tolist(),
            "ph": solo.phrase.tolist(),
        },
    }
