"""The built-in sound: in time, in tune, without clicks, and always the same bytes."""

import wave
from pathlib import Path

import numpy as np
import pytest

from sideslip.stage.sound.synth import RATE, Played, render, write_wav
from sideslip.stage.sound.voices import Audio

TONAL = ("player", "partner", "bass")
BAND: dict[str, list[Played]] = {
    "player": [(0.5, 0.9, 62, 90), (0.9, 1.1, 65, 70)],
    "partner": [(1.1, 1.9, 69, 96)],
    "bass": [(0.5, 1.0, 38, 88), (1.0, 1.5, 45, 80)],
    "drums": [(0.5, 0.6, 51, 84), (1.0, 1.1, 44, 72), (0.5, 0.6, 36, 60)],
}


def mono(part: str, *notes: Played) -> Audio:
    return np.asarray(render({part: notes}).sum(axis=1))


def test_nothing_sounds_before_the_first_note() -> None:
    audio = render(BAND)
    assert np.abs(audio[: round(0.5 * RATE)]).max() < 1e-6
    assert np.abs(audio[round(0.5 * RATE) : round(0.55 * RATE)]).max() > 0.05


@pytest.mark.parametrize("part", BAND)
def test_every_part_peaks_at_minus_three_decibels_without_offset(part: str) -> None:
    audio = render({part: BAND[part]})
    assert audio.dtype == np.float32
    assert audio.shape[1] == 2
    assert np.isfinite(audio).all()
    assert np.abs(audio).max() == pytest.approx(10 ** (-3 / 20), abs=1e-4)
    assert np.abs(audio.mean(axis=0)).max() < 1e-3


def test_the_same_notes_give_the_same_bytes_in_any_order_of_parts() -> None:
    assert render(BAND).tobytes() == render(dict(reversed(BAND.items()))).tobytes()


def test_no_notes_are_silence() -> None:
    audio = render({"player": []})
    assert audio.shape[1] == 2
    assert not audio.any()


@pytest.mark.parametrize("part", TONAL)
@pytest.mark.parametrize("pitch", [33, 45, 57, 69])
def test_it_plays_in_tune(part: str, pitch: int) -> None:
    audio = mono(part, (0.0, 1.0, pitch, 90))[round(0.2 * RATE) : round(0.9 * RATE)]
    spectrum = np.abs(np.fft.rfft(audio * np.hanning(len(audio)), 1 << 18))
    strongest = spectrum.argmax() * RATE / (1 << 18)
    harmonic = strongest / (440 * 2 ** ((pitch - 69) / 12))
    assert abs(12 * np.log2(harmonic / round(harmonic))) < 0.2  # semitones


@pytest.mark.parametrize("part", TONAL)
def test_a_note_ends_without_a_click(part: str) -> None:
    steps = np.abs(np.diff(mono(part, (0.0, 0.3, 45, 90))))
    end = round(0.3 * RATE)
    assert steps[end:].max() <= steps[:end].max()
    assert steps[-1] < 1e-3


def test_cymbals_ring_past_their_note_and_horns_do_not() -> None:
    def differ(part: str, pitch: int) -> float:
        short, long = (mono(part, (0.0, off, pitch, 90)) for off in (0.1, 0.6))
        return float(np.abs(short - long[: len(short)]).max())

    assert differ("drums", 51) < 1e-5
    assert differ("partner", 60) > 0.1


@pytest.mark.parametrize("part", BAND)
def test_harder_is_louder(part: str) -> None:
    on, off, pitch, _ = BAND[part][0]
    audio = mono(part, (on, off, pitch, 40), (on + 3, off + 3, pitch, 110))
    soft, loud = (float(np.abs(audio[a * RATE : (a + 2) * RATE]).max()) for a in (0, 3))
    assert loud > 2 * soft


def test_player_and_partner_stand_apart() -> None:
    def leaning(part: str) -> float:
        left, right = np.square(render({part: BAND[part]})).sum(axis=0)
        return float((right - left) / (right + left))

    assert leaning("player") < -0.1 < 0.1 < leaning("partner")


def test_a_part_of_another_name_is_heard() -> None:
    assert render({"comping": [(0.0, 0.5, 60, 80)]}).any()


def test_the_file_is_a_wave_file_of_the_same_sound(tmp_path: Path) -> None:
    audio = render(BAND)
    write_wav(tmp_path / "session.wav", audio)
    with wave.open(str(tmp_path / "session.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, RATE)
        read = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    assert np.abs(read / 32767 - audio).max() <= 0.51 / 32767
