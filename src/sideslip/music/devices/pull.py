"""Where a foreign note wants to go."""

from sideslip.music.chord import Chord
from sideslip.music.devices.leading import guide_tones
from sideslip.music.tension import is_tone

PULLS = {("min7", 11): 1, ("maj", 8): -1}
"""Degrees with a chord tone on either side, of which soloists take the upper (1) or the lower (-1), 29 and 34 % of the
time: the natural 7th of a minor seventh goes to the root; the b6 over major to the 5th, also where there is a 6th."""


def expected(pitch: int, chord: Chord) -> tuple[int, ...]:
    """The pitches of the chord tones that a foreign pitch leans on; none over no chord.

    Those are the nearest, of two as near the guide tone first. That is where soloists go most often (27 to 44 % of the
    time, Weimar Jazz Database): over a dominant from the b9 down, from #9 and #11 up, from the natural 7th both ways
    alike; over major from the b3 up; over a minor seventh from the 3rd and the b6 down. `PULLS` are the exceptions.
    """
    steps = [step for step in range(-6, 7) if is_tone(pitch + step, chord) and 0 <= pitch + step <= 127]
    nearest = [step for step in steps if abs(step) == min(map(abs, steps))]
    pull, guides = PULLS.get((chord.quality, (pitch - chord.root) % 12), 0), guide_tones(chord)
    nearest = [step for step in nearest if step * pull > 0] or nearest
    return tuple(sorted((pitch + step for step in nearest), key=lambda tone: (tone % 12 not in guides, tone)))


def step_home(pitch: int, chord: Chord, guides_first: bool = False) -> int | None:
    """The chord tone a step away to which a pitch goes; that where soloists go first, unless a guide tone is wanted."""
    around = [pitch + step for step in (-1, 1, -2, 2) if is_tone(pitch + step, chord)]
    wanted = [tone for tone in around if guides_first and tone % 12 in guide_tones(chord)]
    usual = [tone for tone in expected(pitch, chord) if tone in around]
    return next(iter((*wanted, *usual, *around)), None) if chord.quality != "NC" else None
