"""What a player reads in the terminal while a gig goes on."""

from sideslip.band.events import Believed, Changed, Command, Decided, Event, Mended
from sideslip.band.partner import Partner
from sideslip.band.settings import GigSettings
from sideslip.band.trading import State
from sideslip.commands.control_words import changed_words, tell
from sideslip.listen.harmony.tracker import SURE, Belief
from sideslip.music.meter import TICKS


class Teller:
    """Says why each answer was chosen on standard output, as `replay` does.

    On standard error, at most a line a bar: what was heard that the player may want to know, the tempo where it was not
    agreed on, the place in the form where it is not the clock's, and chords that the chart does not have. What the
    player has changed is told there too.
    """

    def __init__(self, settings: GigSettings, partner: Partner) -> None:
        self._settings, self._partner, self._meter = settings, partner, settings.changes.meter
        self._begin()

    def _begin(self) -> None:
        self._beat = self._bar = -1  # the latest beat, and the latest bar of which something was said
        self._said = ""
        # bars that the player is ahead of the clock's place in the form, as they were told
        self._ahead: int | None = None if self._settings.anywhere else 0
        self._knows_tempo = self._settings.timing == "steady"

    def __call__(self, what: Event | Command) -> None:
        if self._partner.state is State.WAITING:
            self._begin()
        if isinstance(what, Decided):
            print(f"bar {self._meter.bar_of(what.turn.start)}: {what.why}", flush=True)
        elif isinstance(what, Mended):
            print(f"bar {self._meter.bar_of(what.amends[0].note.onset)}: {what.why}", flush=True)
        elif isinstance(what, Changed):
            tell(changed_words(what.control, what.value))
        elif isinstance(what, Believed) and what.beat >= 0:
            self._listened(what.beat, what.belief)

    def _listened(self, beat: int, belief: Belief) -> None:
        if beat <= self._beat:  # a start without a stop
            self._begin()
        first = self._beat < 0
        self._beat, bar = beat, self._meter.bar_of(beat * TICKS)
        if first or bar == self._bar:  # in its first beat a clock's tempo is only guessed at
            return
        said = self._tempo() or self._place(bar, belief) or _surprise(belief)
        if said and said != self._said:
            self._bar = bar
            tell(f"bar {bar}: {said}")
        self._said = said

    def _tempo(self) -> str:
        """How fast it goes, once."""
        if self._knows_tempo or self._partner.tempo is None:
            return ""
        self._knows_tempo = True
        return f"we play at {self._partner.tempo.bpm:.0f} bpm"

    def _place(self, bar: int, belief: Belief) -> str:
        """That the player's place in the form is not known, or where it is once it is known again."""
        if belief.stance == "lost":
            self._ahead = None
            return "I am looking for your place in the form"
        ahead = (belief.bar - bar) % (self._settings.changes.length // self._meter.bar)
        if not self._settings.charted or belief.place <= SURE or ahead == self._ahead:
            return ""
        self._ahead = ahead
        return f"you are in bar {belief.bar} of the form"


def _surprise(belief: Belief) -> str:
    """A chord that the chart does not have here; empty where all is as expected."""
    if belief.stance == "reharmonising" and belief.probability > SURE:
        return f"you play {belief.chord.symbol} for {belief.expected.symbol}"
    return ""
