"""The instruments of the built-in sound, drawn with numpy: one function a voice, one array a note.

A voice takes a MIDI pitch, a force 0..1 (how hard it is played, which brightens it), the seconds that are needed and
the sample rate, and returns a mono float32 array that starts and ends near zero, of no more than those seconds. The
same arguments give the same samples: noise comes from a fixed seed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Audio = NDArray[np.float32]
_Samples = NDArray[np.float64]

_TAU = 2 * np.pi
_SEED = 1959  # a good year for records
_BRIGHTEST = 9000.0  # Hz; partials above add little but aliasing


@dataclass(frozen=True, slots=True)
class Voice:
    """How a part sounds. `release` is the fade in seconds after a note's end; None lets every note ring out."""

    play: Callable[[int, float, float, int], Audio]
    release: float | None


def electric_piano(pitch: int, force: float, seconds: float, rate: int) -> Audio:
    """Two-operator FM: a mellow body that loses its edge as it decays, and a short bell from the tine."""
    hertz, t = _hertz(pitch), _time(min(seconds, 6.0), rate)
    phase = _TAU * hertz * t
    ring = 0.35 + 60.0 / hertz  # seconds to 1/e: low tines ring longer
    body = np.sin(phase + (0.5 + 1.9 * force) * np.exp(-t / (0.6 * ring)) * np.sin(phase))
    tine = np.sin(min(11, int(_BRIGHTEST / hertz)) * phase) * np.exp(-t / 0.05)
    return _finish(0.8 * body + 0.14 * force * tine, np.exp(-t / ring), t, attack=0.003)


def tenor(pitch: int, force: float, seconds: float, rate: int) -> Audio:
    """A reed: harmonics under a fixed formant, a soft scooped attack, breath, and vibrato once a note is held."""
    t = _time(seconds, rate)
    vibrato = 0.14 * np.clip((t - 0.25) / 0.35, 0, 1) * np.sin(_TAU * 5.3 * t)
    bend = vibrato - 0.3 * np.exp(-t / 0.03)  # semitones
    hertz = _hertz(pitch)
    phase = np.cumsum(_TAU * hertz * 2 ** (bend / 12) / rate)
    swell = 1 - 0.35 * np.exp(-t / 0.05)
    edge = (0.86 + 0.12 * force) * swell
    turn = (edge * np.exp(1j * phase)).astype(np.complex64)
    tone, partial = np.zeros(len(t)), np.ones(len(t), np.complex64)
    for harmonic in range(1, max(2, int(min(_BRIGHTEST, 0.45 * rate) / hertz))):
        partial = partial * turn
        tone += _formant(harmonic * hertz) * harmonic**-0.3 * partial.imag
    breath = _noise(len(t), rate, 900, 4500) * (0.05 + 0.16 * np.exp(-t / 0.03))
    return _finish(tone / edge + breath, swell, t, attack=0.022)


def _formant(hertz: float) -> float:
    """The tube's answer: full below about 1 kHz, then falling by 12 dB an octave, with bumps near 1.4 and 2.9 kHz."""
    bumps = 0.45 * np.exp(-(((hertz - 1400) / 450) ** 2)) + 0.22 * np.exp(-(((hertz - 2900) / 700) ** 2))
    return float(1 / (1 + (hertz / 1000) ** 2) + bumps)


def plucked_bass(pitch: int, force: float, seconds: float, rate: int) -> Audio:
    """A string plucked a fifth of the way along: high partials die first, and the finger makes a soft thump."""
    hertz, t = _hertz(pitch), _time(min(seconds, 4.0), rate)
    tone = np.zeros(len(t))
    for harmonic in range(1, int(min(2500 / hertz, 24)) + 1):
        # A stiff string is a little sharp up high. Phases apart, or the partials pile up into one spike.
        stretch = np.sqrt(1 + 1e-4 * harmonic**2)
        weight = np.sin(0.2 * np.pi * harmonic) * harmonic ** (-0.75 + 0.25 * force)
        tone += (
            weight * np.sin(_TAU * hertz * harmonic * stretch * t + harmonic**2) * np.exp(-t * (0.3 + 0.7 * harmonic))
        )
    thump = 0.25 * _noise(len(t), rate, 60, 500) * np.exp(-t / 0.02)
    return _finish(tone + thump, np.exp(-t / 0.9), t, attack=0.006)


def ride(force: float, rate: int) -> Audio:
    """A stick on a ride cymbal: a ping of inharmonic partials over a long wash."""
    t = _time(1.6, rate)
    random = np.random.default_rng(_SEED)
    ping = np.zeros(len(t))
    for hertz, turn in zip(random.uniform(1800, _BRIGHTEST, 40), random.uniform(0, _TAU, 40), strict=True):
        ping += np.sin(_TAU * hertz * t + turn) * np.exp(-t * (3 + hertz / 800)) * np.sqrt(1800 / hertz)
    wash = _noise(len(t), rate, 4000, 12000) * (np.exp(-t / 0.12) + 0.35 * np.exp(-t / 0.5))
    stick = _noise(len(t), rate, 1500, 7000) * np.exp(-t / 0.004)
    return _finish(0.11 * ping + 0.35 * wash + (0.4 + 0.6 * force) * stick, np.exp(-t / 0.9), t, attack=0.0007)


def hi_hat(force: float, rate: int) -> Audio:
    """Cymbals closed by the foot: a short bright chick."""
    t = _time(0.25, rate)
    return _finish(0.5 * _noise(len(t), rate, 5000 - 1500 * force, 14000), np.exp(-t / 0.035), t, attack=0.004)


def kick(force: float, rate: int) -> Audio:
    """A feathered bass drum: a low sine that falls in pitch."""
    t = _time(0.4, rate)
    phase = np.cumsum(_TAU * (52 + 60 * force * np.exp(-t / 0.025)) / rate)
    return _finish(2.0 * np.sin(phase), np.exp(-t / 0.09), t, attack=0.004)


_DRUMS: Mapping[int, Callable[[float, int], Audio]] = MappingProxyType({51: ride, 44: hi_hat, 36: kick})
"""General MIDI percussion."""


def drum_kit(pitch: int, force: float, seconds: float, rate: int) -> Audio:
    """Ride 51, pedal hi-hat 44 and bass drum 36; any other drum is a hi-hat. Drums ring out, whatever is needed."""
    return _DRUMS.get(pitch, hi_hat)(force, rate)


def _hertz(pitch: int) -> float:
    return float(440.0 * 2 ** ((pitch - 69) / 12))


def _time(seconds: float, rate: int) -> _Samples:
    return np.arange(round(seconds * rate)) / rate


def _noise(count: int, rate: int, low: float, high: float) -> _Samples:
    """Noise between two frequencies in Hz (soft edges), root mean square 1."""
    spectrum = np.fft.rfft(np.random.default_rng(_SEED).standard_normal(count))
    hertz = np.maximum(np.fft.rfftfreq(count, 1 / rate), 1.0)
    samples = np.fft.irfft(spectrum / np.sqrt(1 + (low / hertz) ** 6) / np.sqrt(1 + (hertz / high) ** 6), count)
    return np.asarray(samples / np.sqrt(np.mean(samples**2)))


def _finish(samples: _Samples, envelope: _Samples, t: _Samples, attack: float) -> Audio:
    """Shape a note: rise within `attack` seconds, follow the envelope, reach zero at the end, carry no offset."""
    rise = np.sin(0.5 * np.pi * np.clip(t / attack, 0, 1)) ** 2
    shape = envelope * rise * np.clip((t[-1] - t) / 0.02, 0, 1)
    shaped = samples * shape
    return np.asarray(shaped - shape * (shaped.sum() / shape.sum()), np.float32)
