"""From the grid to moments: what a part is to sound."""

from sideslip.band.events import Sound
from sideslip.band.feel import Feel, perform
from sideslip.band.rhythm_section import PARTS
from sideslip.listen.tempo import TempoMap
from sideslip.music.phrase import Phrase


def sounds(part: str, phrase: Phrase, feel: Feel, tempo: TempoMap) -> tuple[Sound, ...]:
    """A phrase as a part plays it, with its feel, at its tempo, on its channel; the rhythm section plays as written."""
    channel = PARTS[part].channel
    played = perform(phrase, feel, tempo.bpm, accented=part == "partner")
    return tuple(Sound(tempo.seconds(on), tempo.seconds(off), part, channel, p, v) for on, off, p, v in played)
