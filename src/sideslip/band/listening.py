"""What the band hears of the player: notes by hand, the beat, where phrases end, and the harmony."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from math import inf

from sideslip.band.memory import Change, Memory
from sideslip.band.settings import GigSettings
from sideslip.listen.count_in import Count, Tapped
from sideslip.listen.following import Following
from sideslip.listen.hands import Strike
from sideslip.listen.harmony.tracker import Belief, HarmonyTracker
from sideslip.listen.mistakes import wrong_notes
from sideslip.listen.notes import NoteEnded
from sideslip.listen.phrasing import PhraseEar
from sideslip.listen.tables import TrackerTables
from sideslip.listen.tempo import TempoMap
from sideslip.listen.timekeeper import Steady, Timekeeper
from sideslip.listen.transport import Clocked
from sideslip.music.changes import Changes
from sideslip.music.dialogue import Turn, Wish, WrongNote
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase
from sideslip.outside.arc import shaped_dial, wanted_outsideness

WAITING_ROOM = 256
"""Strikes and ends kept that were played before there was a beat: a count-in that turns out to be music is shorter."""


def timekeeper(settings: GigSettings) -> Timekeeper:
    """Who gives the beat at a gig."""
    count = Count.of(settings.changes.meter)
    match settings.timing:
        case "steady":
            return Steady(settings.tempo, settings.starts_at)
        case "tap":
            return Tapped(settings.tempo, count)
        case "follow":
            return Following(settings.tempo, count)
        case "clock":
            return Clocked(settings.changes.meter.unit)


class Listening:
    """Everything that listens. Told of each message in order; asked about beats once there is one."""

    def __init__(self, settings: GigSettings, tables: TrackerTables) -> None:
        self._settings, self._tables = settings, tables
        self._keeper = timekeeper(settings)
        self._waiting: deque[Change] = deque(maxlen=WAITING_ROOM)
        self.since = -inf
        """The moment (s) before which nothing that was played is music: a count-in, or before a transport's start."""
        self.memory = Memory(settings.split)
        self._fresh()

    def _fresh(self) -> None:
        settings = self._settings
        self._ear = PhraseEar(self._tables.phrase)
        chart = settings.changes if settings.charted else None
        self._tracker = HarmonyTracker(self._tables.harmony, settings.changes.meter, chart, settings.anywhere)

    @property
    def tempo(self) -> TempoMap | None:
        """Where the beats lie; None while there is no beat."""
        return self._keeper.tempo

    @property
    def epoch(self) -> int:
        """How often the beat has begun anew."""
        return self._keeper.epoch

    @property
    def wake_at(self) -> float | None:
        """When silence will have said something about the beat, or which hand it was (s)."""
        moments = self._keeper.wake_at, self.memory.settles_at
        return min((moment for moment in moments if moment is not None), default=None)

    def woken(self, at: float) -> None:
        """It is `at` now (s)."""
        self._keeper.woken(at)
        self._waiting.extend(self.memory.settle(at))

    def hear(self, at: float, message: bytes) -> None:
        """Take in a message of the player at a moment (s)."""
        self._keeper.hear(at, message)
        self._waiting.extend(self.memory.hear(at, message))

    def begin_anew(self) -> None:
        """The beat has begun anew: what was before is void, taps of a count-in most of all."""
        self.since = -inf if self._keeper.since is None else self._keeper.since
        self.memory.forget(self.since)
        self._fresh()

    def music(self, tempo: TempoMap) -> Iterator[Change]:
        """What of the line has begun or ended since asked last, the ears having heard it and the voicings."""
        while self._waiting:
            change = self._waiting.popleft()
            if isinstance(change, NoteEnded):
                if change.began >= self.since:
                    self._ear.stopped(tempo.beat(change.at))
                    yield change
                continue
            line, voicing = ([n for n in notes if n.at >= self.since] for notes in (change.line, change.voicing))
            if voicing:
                self._tracker.strike(tempo.beat(voicing[0].at), [note.pitch for note in voicing])
            for note in line:
                beat = tempo.beat(note.at)
                self._tracker.hear(beat, note.pitch)
                self._ear.started(beat, tempo.bpm)
            if line:
                yield Strike(tuple(line), ())

    def is_left_alone(self, at: float) -> bool:
        """Whether the player has been silent up to a moment (s) for longer than we have patience."""
        patience, heard = self._settings.patience, max(self.memory.heard_at, self.since)
        return patience is not None and not self.memory.is_sounding and at - heard > patience

    def rests(self, at: float) -> bool:
        """Whether the player's phrase is over by a moment (s), and nothing has just begun."""
        ends = self.phrase_ends()
        over = self.tempo is not None and ends is not None and ends <= self.tempo.beat(at)
        return over and self.memory.settles_at is None

    def phrase_ends(self) -> float | None:
        """The beat from which the player's phrase counts as ended if nothing more is played."""
        return self._ear.ends_at()

    def belief(self, beat: float) -> Belief:
        """What the player is taken to be playing over at a beat."""
        return self._tracker.belief(beat)

    def changes(self, beat: float) -> Changes:
        """The changes to improvise on, as they are known at a beat."""
        self._tracker.belief(beat)
        return self._tracker.changes

    def turn(self, tempo: TempoMap, at: float, span: tuple[int, int], call_from: int, dial: float, wish: Wish) -> Turn:
        """All that is known at a moment (s) about the partner's turn over a span of ticks, `call_from` being the tick
        since which the player is answered."""
        now, player = tempo.beat(at), self.memory.player(tempo, at)
        lost, changes = self.belief(now).stance == "lost", self._tracker.changes
        call = player.between(call_from, span[0])
        outside = wanted_outsideness(shaped_dial(dial, changes, *span))  # proposed is what the controller will look for
        return Turn(
            start=span[0],
            end=span[1],
            changes=changes,
            call=call,
            player=player,
            partner=self.memory.partner,
            dial=dial,
            tempo=tempo.bpm,
            mistakes=() if lost else self._mistakes(call, changes, now),
            wish=replace(wish, outside=outside),
        )

    def _mistakes(self, call: Phrase, changes: Changes, now: float) -> tuple[WrongNote, ...]:
        """The wrong notes of a call by beat `now`: none where it is not known over which chords they were played."""
        if not self._settings.charted:
            return ()
        placed_at = self._tracker.placed_at * TICKS
        return tuple(wrong for wrong in wrong_notes(call, changes, round(now * TICKS)) if wrong.note.onset >= placed_at)
