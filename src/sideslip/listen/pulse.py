"""The pulse of a player without a click: where in the beat a note was likely played says where the beat is."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PARTS = 24
"""Into how many parts a beat is divided to say where in it a note was played."""

TEMPI = (65.0, 110.0, 155.0, 205.0, 270.0)
"""Beats a minute for which it is told where notes are played; between them it is a mixture."""

PLACES = (
    (118, 115, 102, 98, 90, 89, 92, 96, 98, 100, 94, 102, 109, 109, 102, 98, 98, 98, 97, 100, 104, 98, 93, 100),
    (126, 136, 122, 99, 87, 87, 91, 100, 99, 86, 81, 90, 102, 106, 99, 90, 94, 106, 111, 114, 104, 86, 83, 102),
    (126, 136, 131, 118, 109, 97, 91, 87, 76, 69, 68, 73, 83, 90, 101, 112, 120, 121, 116, 107, 94, 84, 86, 105),
    (141, 152, 146, 126, 105, 83, 66, 56, 51, 50, 57, 70, 89, 108, 127, 138, 136, 123, 102, 89, 81, 86, 99, 118),
    (132, 129, 118, 102, 83, 72, 68, 68, 71, 79, 86, 96, 107, 110, 115, 112, 107, 97, 92, 97, 104, 110, 118, 129),
)
"""How often a note is played at each 24th of a beat, in hundredths of evenly, for each of the `TEMPI`.

Learnt from the performed onsets of the Weimar Jazz Database (train), swing and lag kept, by
`sideslip.train.tracker.pulse_figures.places`. The faster, the fewer the places; a ballad knows nearly all.
"""

COMPED = ((0.0, 0.03), (0.62, 0.05))
"""Where in the beat a left hand strikes: on it, and on the swung eighth (part of the beat, standard deviation in
beats). Set down by hand; no data of comping were at hand. Which of the two, and how often neither, is learnt as it
plays."""

UNEVEN = 0.012
"""Seconds, standard deviation, by which hands are off where they mean to strike; set down by hand, too."""

# Chosen on the train solos: with a left hand by the beats found under drift, for a line alone by those found without.
_SPREAD = 4  # beats that the place of the beat is known within: a slip of one beat need not be for ever
_RATIOS, _STEP = 33, 0.005  # tempi about the one believed in, and the steps between them as a logarithm
_SHARPNESS = 4.0  # one player keeps to fewer places than all of them together
_BESIDE, _COMPED_LATELY = 1.0, 8.0  # beside a hand that has struck chords within so many beats a line says less
_HABIT, _KEPT = (1.0, 5.0, 3.0), 0.97  # strikes as good as heard before the first; what is kept of them at each
_ANYWHERE = 0.25  # share of notes that say nothing
_WANDER, _HOME = 0.1, 0.05  # chance a note that the tempo moves a step up, or down; pull a note to the first tempo
_DIFFUSION = 0.015  # beats by which the place of the beat may move in a beat
_PLACE_AT_FIRST, _COUNTED, _GUESSED = 0.02, 0.01, 0.05  # standard deviations: place, tempo counted in, tempo guessed
_SLOWER, _FASTER = 0.7, 1.4  # of the first tempo, the limits of what is followed
_NEAR, _BLUR = 4, 1.4  # parts of a beat about the likeliest place that are averaged; and its standard deviation
_LITTLE = 1e-12

_BINS = _SPREAD * PARTS
_FROM_HERE = (np.arange(_BINS) + _BINS // 2) % _BINS - _BINS // 2  # parts of a beat, for every bin
_WAVES = np.arange(_BINS // 2 + 1) / _SPREAD  # a beat
_RATIO = _STEP * (np.arange(_RATIOS) - _RATIOS // 2)
_BLURRED = np.fft.rfft(np.exp(-0.5 * (_FROM_HERE / _BLUR) ** 2))
_WINDOW = np.arange(-_NEAR, _NEAR + 1)


def _bumps(bpm: float) -> Floats:
    """How likely a strike is at each 24th of a beat, relative to evenly: anywhere, and for each of COMPED; (3, 24)."""
    part = np.arange(PARTS) / PARTS
    bumps = [np.ones(PARTS)]
    for place, spread in COMPED:
        off = ((part - place + 0.5) % 1 - 0.5) / np.hypot(spread, UNEVEN * bpm / 60)
        bump = np.exp(-0.5 * off**2)
        bumps.append(PARTS * bump / bump.sum())
    return np.array(bumps)


def likely_places(bpm: float) -> Floats:
    """How likely a note is at each 24th of a beat at a tempo, relative to evenly; shape (24,)."""
    where = np.interp(np.log(bpm), np.log(TEMPI), np.arange(len(TEMPI)))
    low = min(int(where), len(TEMPI) - 2)
    slow, fast = (np.array(PLACES[i], dtype=np.float64) / 100 for i in (low, low + 1))
    return np.asarray(slow + (where - low) * (fast - slow))


def _turned(beats: float) -> NDArray[np.complex128]:
    """What moves each tempo's places by as far as it goes ahead in so many beats, wave by wave; shape (33, 49)."""
    turned = np.empty((_RATIOS, len(_WAVES)), dtype=np.complex128)
    turned[:, 0] = 1.0
    turned[:, 1:] = np.exp(-2j * np.pi * beats * np.expm1(_RATIO) * _WAVES[1])[:, None]
    np.multiply.accumulate(turned, axis=1, out=turned)  # half the time of an exponential each
    return turned


class Pulse:
    """A Bayesian filter over how far the beat is ahead of a steady reckoning, and how much faster it goes.

    `chances`, shape (33, 96), are those of each tempo (steps of 0.5 %) and each place of the beat (24ths, within 4
    beats). Between two notes the place moves by the tempo and spreads a little; at a note the tempo may wander, and the
    places are weighed by how likely a note is there. Silence thus keeps the tempo. The tempo reckoned with follows the
    estimate. It begins at a `beat` and goes at `bpm`.
    """

    def __init__(self, bpm: float, beat: float = 0.0, counted: bool = True) -> None:
        self._first = bpm
        self._since_chord = np.inf  # beats
        self._habit = np.array(_HABIT)  # strikes, lately: anywhere, on the beat, on the eighth
        self._moved = 0  # steps by which the middle tempo has left the first one
        chances = np.exp(
            -0.5 * (_RATIO[:, None] / (_COUNTED if counted else _GUESSED)) ** 2
            - 0.5 * (_FROM_HERE / PARTS / _PLACE_AT_FIRST) ** 2
        )
        self.chances: Floats = chances / chances.sum()
        self._reckoned, self._ahead, self._ratio = beat, 0.0, 0.0
        self._recentre()

    @property
    def beat(self) -> float:
        """Where the player is believed to be at the last note, in beats."""
        return self._reckoned + self._ahead

    @property
    def bpm(self) -> float:
        """How fast the player is believed to go."""
        return float(min(max(self._middle * np.exp(self._ratio), _SLOWER * self._first), _FASTER * self._first))

    def hear(self, waited: float) -> None:
        """A note, `waited` seconds after the one before it."""
        beats = waited * self._middle / 60
        self._reckoned += beats
        waves = np.fft.rfft(self.chances, axis=1)
        waves *= _turned(beats)
        waves *= np.exp(-2 * beats * (np.pi * _DIFFUSION * _WAVES) ** 2)
        chances = np.maximum(self._wander @ np.fft.irfft(waves, _BINS, axis=1), _LITTLE)
        self._since_chord += beats
        self._weigh(chances, self._likely if self._since_chord > _COMPED_LATELY else self._likely_beside)

    def chord(self) -> None:
        """The last note turns out to be one of several struck together: they mark the beat, where a line only hints."""
        self._since_chord = 0.0
        self._weigh(self.chances, np.tile(self._habit @ self._bumps / self._habit.sum(), _SPREAD + 2))
        meant = self._habit * self._bumps[:, round(self.beat * PARTS) % PARTS]
        self._habit = _KEPT * self._habit + meant / meant.sum()

    def _weigh(self, chances: Floats, likely: Floats) -> None:
        """Weigh the places by how likely what was just heard is at each."""
        part, over = divmod(self._reckoned * PARTS, 1)
        first = int(part) % PARTS
        weighed = chances * ((1 - over) * likely[first : first + _BINS] + over * likely[first + 1 : first + 1 + _BINS])
        self.chances = weighed / weighed.sum()
        self._estimate()

    def _estimate(self) -> None:
        """The mean about the likeliest place, whichever turn of the four beats is nearest; the mean tempo."""
        places = self.chances.sum(axis=0)
        best = int(np.argmax(np.fft.irfft(np.fft.rfft(places) * _BLURRED, _BINS)))
        near = places[(best + _WINDOW) % _BINS]
        ahead = (best + float(near @ _WINDOW) / float(near.sum())) / PARTS
        self._ahead = ahead + _SPREAD * round((self._ahead - ahead) / _SPREAD)
        self._ratio = float(self.chances.sum(axis=1) @ _RATIO)
        if abs(self._ratio) > _STEP:
            self._move(round(self._ratio / _STEP))

    def _move(self, steps: int) -> None:
        """Take another tempo for the middle one, within the limits."""
        middle = self._first * np.exp((self._moved + steps) * _STEP)
        if _SLOWER * self._first <= middle <= _FASTER * self._first:
            self.chances = np.roll(self.chances, -steps, axis=0)
            self.chances[slice(-steps, None) if steps > 0 else slice(None, -steps)] = _LITTLE
            self._ratio -= steps * _STEP
            self._moved += steps
            self._recentre()

    def _recentre(self) -> None:
        """What depends on the middle tempo: places of notes, and how the tempo wanders and comes home."""
        self._middle = float(self._first * np.exp(self._moved * _STEP))
        likely = np.tile(_ANYWHERE + (1 - _ANYWHERE) * likely_places(self._middle), _SPREAD + 2)
        self._bumps = _bumps(self._middle)
        self._likely, self._likely_beside = likely**_SHARPNESS, likely**_BESIDE
        pull = np.clip(-_HOME * (self._moved + _RATIO / _STEP), -_WANDER, _WANDER)
        up, down = _WANDER + np.maximum(pull, 0), _WANDER + np.maximum(-pull, 0)
        self._wander = np.diag(1 - up - down) + np.diag(up[:-1], -1) + np.diag(down[1:], 1)
