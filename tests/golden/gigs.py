"""Three gigs whose every note is kept: licks propose, the rules alone judge, so no weights decide what is right.

`python tests/golden/gigs.py` writes the files anew after a change that is meant; look at the difference before you
keep it.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from sideslip.band.partner import Partner
from sideslip.band.settings import GigSettings
from sideslip.listen.tempo import TempoMap
from sideslip.music.leadsheet import parse_chart
from sideslip.outside.controller import Controller
from sideslip.outside.tables import ListeningTables
from sideslip.propose.ideas import LicksAlone
from sideslip.propose.licks import LickProposer
from sideslip.testing import Performance, notes, rehearse

HERE = Path(__file__).parent

BLUES = "time: 4/4\n| F7 | Bb7 | F7 | Cm7 F7 |\n| Bb7 | Bdim7 | F7 | D7alt |\n| Gm7 | C7 | F7 D7 | Gm7 C7 |\n"
WALTZ = "time: 3/4\n| Gmaj7 | E7 | Am7 | D7 |\n| Bm7b5 | E7alt | Am7 | D7sus4 D7 / |\n"
DORIAN = "time: 4/4\n| Dm7 | % | % | % |\n| Ebm7 | % | Dm7 | % |\n"

RIFF = ((0.0, 60), (0.5, 63), (1.0, 65), (1.5, 66), (2.0, 65), (2.5, 63), (3.0, 60), (5.0, 58), (5.6, 60), (6.5, 65))


def gig(chart: str, bpm: float, **settings: Any) -> GigSettings:
    changes = parse_chart(chart).changes()
    return replace(GigSettings(changes, bpm, starts_at=0.0, ends=2 * changes.length), **settings)


GIGS = {
    "blues-in-fours": gig(BLUES, 140.0, trade=4, dial=0.5, rhythm=True),
    "dorian-by-ear": gig(DORIAN, 96.0, trade="free", dial=0.9),
    "waltz-duet": gig(WALTZ, 180.0, trade="duet", dial=0.2, swung=False),
}


def play(settings: GigSettings) -> Performance:
    """The riff, played once at the top and once in the second chorus."""
    tempo = TempoMap(settings.tempo)
    again = settings.changes.length / 12
    line = [(tempo.seconds(at + top), tempo.seconds(at + top + 0.4), pitch) for top in (0, again) for at, pitch in RIFF]
    partner = Partner(settings, Controller(ListeningTables.unlearnt()), LickProposer())
    return rehearse(partner, notes(*line), LicksAlone())


def score(name: str) -> list[list[Any]]:
    """A performance as a list to compare: [part, beat, beats long, pitch, velocity] and why each answer was chosen."""
    performance, tempo = play(GIGS[name]), TempoMap(GIGS[name].tempo)
    sounds = [
        [s.part, round(tempo.beat(s.on), 3), round(tempo.beats_in(s.off - s.on), 3), s.pitch, s.velocity]
        for s in performance.sounds
    ]
    return [*([decided.choice.why] for decided in performance.decided), *sounds]


def path(name: str) -> Path:
    return HERE / f"{name}.json"


if __name__ == "__main__":
    for each in GIGS:
        rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in score(each))
        path(each).write_text(f"[\n{rows}\n]\n", encoding="utf-8")
