"""What is agreed before the first note."""

from dataclasses import dataclass, field
from typing import Literal

from sideslip.band.bindings import UNBOUND, Bindings, check_bindings
from sideslip.band.feel import STRAIGHT, SWING, Feel
from sideslip.band.trading import Trade
from sideslip.errors import SettingError
from sideslip.music.changes import Changes
from sideslip.music.dialogue import STYLES, Wish
from sideslip.outside.arc import check_dial

Timing = Literal["steady", "tap", "follow", "clock"]
"""Who gives the beat: the tempo that was agreed on, a count-in, the player all along, or a MIDI clock."""

DENSITIES = (0.2, 6.0)
"""Notes a beat that can be wished for: from one in a bar or so to sextuplets."""

REGISTERS = (36, 96)
"""Middle MIDI pitches that can be wished for, C2 to C7; an answer comes as near as its instrument's range lets it."""


@dataclass(frozen=True, slots=True)
class GigSettings:
    """A gig: the changes, tempo (beats a minute), how turns are traded, the dial, and the seed of every choice.

    `starts_at` is the moment (s) of bar 1, or None: bar 1 begins with the player's first note. `ends` is the tick at
    which the gig is over, None for open end. `rhythm` adds bass and drums. `timing` says who gives the beat: the tempo
    is then where a count-in or the player begins, and means nothing to a clock. `anywhere`: the player may begin in any
    bar of the form. Changes without any chord are no chart: the band goes by ear. `wish` is what answers
    are asked to be like; how far outside they go is asked for by the dial alone. Who trades in bars and is silent for
    longer than `patience` (s) is answered no more until they play again; None: always. `controls` are moved by the
    player's controllers. Of keys below `split` (MIDI pitch) no note is the line's; None: hands are told apart by ear.
    Answers are chosen `early` (s) sooner than usual where they are sent so much ahead of their beat.
    """

    changes: Changes
    tempo: float = 120.0
    trade: Trade = 4
    dial: float = 0.4
    seed: int = 1
    starts_at: float | None = None
    ends: int | None = None
    rhythm: bool = False
    swung: bool = True
    timing: Timing = "steady"
    anywhere: bool = False
    wish: Wish = field(default_factory=Wish)
    patience: float | None = None
    early: float = 0.0
    controls: Bindings = field(default_factory=lambda: UNBOUND)
    split: int | None = None

    @property
    def charted(self) -> bool:
        """Whether there is a chart to go by."""
        return self.changes.has_chords

    @property
    def feel(self) -> Feel:
        """How eighths fall: swung only where the beat is a quarter or longer."""
        return SWING if self.swung and self.changes.meter.unit < 8 else STRAIGHT

    def __post_init__(self) -> None:
        check_dial(self.dial)
        _check_wish(self.wish)
        check_bindings(self.controls)
        if self.split is not None and not 0 <= self.split <= 127:
            raise SettingError(f"a keyboard is split at a MIDI pitch 0 to 127, found {self.split}")
        if self.ends is not None and self.ends <= 0:
            raise SettingError(f"a gig lasts at least one tick, found {self.ends}")


def _check_wish(wish: Wish) -> None:
    """Raises SettingError for what a player cannot wish for."""
    if wish.outside is not None:
        raise SettingError(f"how far outside answers go is asked for by the dial, not by a wish; found {wish.outside}")
    wished = (("notes a beat", wish.density, DENSITIES), ("a middle pitch", wish.register, REGISTERS))
    for name, value, (low, high) in wished:
        if value is not None and not low <= value <= high:
            raise SettingError(f"{name} can be wished for from {low:g} to {high:g}, found {value}")
    if wish.style is not None and wish.style not in STYLES:
        raise SettingError(f"a style is one of {', '.join(STYLES)}; found {wish.style!r:.40}")
