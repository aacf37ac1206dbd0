"""The built-in sound, rendered offline: notes in, stereo out, for whoever has no synthesiser at hand.

Audio is float32 of shape (samples, 2), left and right, full scale 1.0. The same notes give the same bytes.
"""

import io
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from sideslip.stage.files.replace import replace_file
from sideslip.stage.sound.voices import Audio, Voice, drum_kit, electric_piano, plucked_bass, tenor

Played = tuple[float, float, int, int]
"""(on in seconds, off in seconds, MIDI pitch, velocity 1..127); the piece starts at 0.0."""

RATE = 44_100
"""Samples a second."""

_PEAK = 10 ** (-3 / 20)  # -3 dB of full scale
_TAIL = 1.5  # seconds after the last note for the room to fade
_LAYERS = 3  # how many shades of force a voice is drawn in
_SHORTEST = 0.5  # seconds; notes are drawn this long or its doubles, then cut


@dataclass(frozen=True, slots=True)
class Strip:
    """A part's strip on the mixing desk: its voice, level in dB, pan from -1 (left) to 1, and level into the room."""

    voice: Voice
    level: float
    pan: float
    room: float


_PIANO = Strip(Voice(electric_piano, release=0.12), level=-1.0, pan=-0.4, room=0.22)
_DESK: Mapping[str, Strip] = MappingProxyType(
    {
        "player": _PIANO,
        "partner": Strip(Voice(tenor, release=0.07), level=-7.5, pan=0.35, room=0.30),
        "bass": Strip(Voice(plucked_bass, release=0.08), level=-2.0, pan=0.0, room=0.08),
        "drums": Strip(Voice(drum_kit, release=None), level=-8.0, pan=0.1, room=0.18),
    }
)
"""A part of any other name sounds like the player."""


def render(tracks: Mapping[str, Sequence[Played]], rate: int = RATE) -> Audio:
    """All parts mixed, with a little room, the highest peak at -3 dB of full scale; silence where nothing is played."""
    end = max((off for notes in tracks.values() for _, off, _, _ in notes), default=0.0)
    count = round((end + _TAIL) * rate)
    mix, send = np.zeros((count, 2), np.float32), np.zeros(count, np.float32)
    for part in sorted(tracks):
        strip = _DESK.get(part, _PIANO)
        sound = _part(tracks[part], strip.voice, count, rate) * np.float32(10 ** (strip.level / 20))
        angle = (strip.pan + 1) * np.pi / 4  # constant power
        mix[:, 0] += np.float32(np.cos(angle)) * sound
        mix[:, 1] += np.float32(np.sin(angle)) * sound
        send += np.float32(strip.room) * sound
    _add_room(mix, send, rate)
    peak = float(np.abs(mix).max(initial=0.0))
    mix *= np.float32(_PEAK / peak if peak else 1.0)
    return mix


def write_wav(path: str | Path, audio: Audio, rate: int = RATE) -> None:
    """Write 16-bit PCM; a file that was there stays whole if anything fails. Raises SettingError if it cannot."""
    samples = np.round(np.clip(audio, -1.0, 1.0) * 32767).astype("<i2")
    data = io.BytesIO()
    with wave.open(data, "wb") as out:
        out.setnchannels(samples.shape[1])
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.tobytes())
    replace_file(path, data.getvalue())


def _part(notes: Sequence[Played], voice: Voice, count: int, rate: int) -> Audio:
    """One part in mono. Notes of a pitch and shade are drawn once, then cut to their length."""
    track = np.zeros(count, np.float32)
    drawn: dict[tuple[int, int, float], Audio] = {}
    for on, off, pitch, velocity in notes:
        needed = max(off - on + (voice.release or 0.0), _SHORTEST)
        seconds = float(_SHORTEST * 2 ** np.ceil(np.log2(needed / _SHORTEST)))
        shade = velocity * _LAYERS // 128
        key = (pitch, shade, seconds)
        if key not in drawn:
            drawn[key] = voice.play(pitch, (shade + 0.5) / _LAYERS, seconds, rate)
        start = round(on * rate)
        sound = _cut(drawn[key], off - on, voice.release, rate)[: count - start]
        track[start : start + len(sound)] += sound * np.float32((velocity / 127) ** 1.4)
    return track


def _cut(sound: Audio, seconds: float, release: float | None, rate: int) -> Audio:
    """A drawn note ended after so many seconds, faded over its release; whole if it rings out."""
    if release is None:
        return sound
    held, fade = round(seconds * rate), round(release * rate)
    cut = sound[: held + fade].copy()
    falling = cut[held:]
    falling *= np.cos(np.linspace(0, np.pi / 2, fade, dtype=np.float32))[: len(falling)] ** 2
    return cut


def _add_room(mix: Audio, send: Audio, rate: int) -> None:
    """Put the sound in a small room: convolve with decaying noise, other noise for each ear, in blocks by FFT."""
    echo = _echo(rate)
    size = 1 << (4 * len(echo) - 1).bit_length()
    step = size - len(echo) + 1  # blocks overlap by their echoes, which add
    spectrum = np.fft.rfft(echo, size, axis=0)
    for start in range(0, len(send), step):
        block = send[start : start + step]
        if block.any():
            wet = np.fft.irfft(np.fft.rfft(block, size)[:, None] * spectrum, size, axis=0)
            mix[start : start + size] += wet[: len(mix) - start]


def _echo(rate: int, seconds: float = 1.1) -> Audio:
    """Impulse response (samples, 2): first sound after 12 ms, dark, fades by 60 dB, gain 1 where melodies lie."""
    t = np.arange(round(seconds * rate)) / rate
    hertz = np.fft.rfftfreq(len(t), 1 / rate)
    noise = np.fft.rfft(np.random.default_rng(1959).standard_normal((2, len(t))))
    dark = np.fft.irfft(noise * (hertz / (hertz + 150)) / (1 + (hertz / 3000) ** 2), len(t))
    echo = dark * np.exp(-np.log(1000) * t / seconds) * np.clip((t - 0.012) / 0.005, 0, 1)
    power = np.square(np.abs(np.fft.rfft(echo))[:, (hertz > 100) & (hertz < 2000)]).mean(axis=1, keepdims=True)
    return np.asarray((echo / np.sqrt(power)).T, np.float32)
