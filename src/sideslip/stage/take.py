"""A take: what was heard, played and decided at a gig, and the files it becomes."""

from dataclasses import dataclass
from math import inf
from pathlib import Path

from sideslip.band.events import Believed, Decided, Heard, Mended, Sound
from sideslip.band.partner import Partner
from sideslip.band.rhythm_section import PARTS
from sideslip.band.settings import GigSettings
from sideslip.listen.harmony.by_ear import HEARD
from sideslip.listen.tempo import TempoMap
from sideslip.music.changes import Changes
from sideslip.music.chord import NO_CHORD
from sideslip.music.leadsheet import LeadSheet
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase
from sideslip.outside.hearing import hear
from sideslip.outside.lines import Lines
from sideslip.outside.tables import ListeningTables
from sideslip.stage.files import trace
from sideslip.stage.files.call import melody
from sideslip.stage.files.replace import replace_file
from sideslip.stage.files.session_file import note_track, write_session
from sideslip.stage.page import OutsideLine, PageData, Whose
from sideslip.stage.rehearsal import Performance

Beats = tuple[float, float, int, int]
"""(on, off in beats from bar 1, MIDI pitch, velocity)."""


@dataclass(frozen=True, slots=True)
class Take:
    """Moments are seconds on the gig's clock; `tempo` says where the beats lay; `end` when it was over.

    What came before `since` is a count-in, or from before a MIDI clock began anew, when beats were counted from another
    bar 1: of it only the decisions are kept, for the trace.
    """

    sheet: LeadSheet
    settings: GigSettings
    tempo: TempoMap
    heard: tuple[Heard, ...]
    sounds: tuple[Sound, ...]
    decided: tuple[Decided, ...]
    end: float
    believed: tuple[Believed, ...] = ()
    since: float = -inf
    mended: tuple[Mended, ...] = ()

    @classmethod
    def of(
        cls,
        sheet: LeadSheet,
        settings: GigSettings,
        partner: Partner,
        heard: tuple[Heard, ...],
        performance: Performance,
    ) -> "Take":
        """What came of a rehearsal or a replay."""
        tempo, sounds, decided = partner.tempo or TempoMap(settings.tempo), performance.sounds, performance.decided
        end, believed = performance.end, performance.believed
        return cls(sheet, settings, tempo, heard, sounds, decided, end, believed, partner.since, performance.mended)

    def changes(self) -> Changes:
        """The chart's as it was gone through, or without a chart those heard, where the ear was sure enough."""
        chart, beats = self.settings.changes, max(1, self.length() // TICKS)
        believed = {one.beat: one.belief for one in self.believed if 0 <= one.beat < beats and one.at >= self.since}
        if self.settings.charted:
            bars = chart.length // chart.meter.bar
            if all(belief.bar - 1 == beat // chart.meter.beats % bars for beat, belief in believed.items()):
                return chart
            last = max(believed)  # after it the form goes on from there
            ahead = (believed[last].bar - 1) * chart.meter.bar - last // chart.meter.beats * chart.meter.bar
            went = [believed[b].expected if b in believed else chart.at(b * TICKS + ahead) for b in range(beats)]
            return Changes.by_beat(went, self.sheet.meter)
        heard = {beat: belief.chord for beat, belief in believed.items() if belief.probability > HEARD}
        return Changes.by_beat([heard.get(beat, NO_CHORD) for beat in range(beats)], self.sheet.meter)

    def player(self) -> list[Beats]:
        """What was heard, note by note, pedals included; no percussion, which is nobody's line."""
        beat = self.tempo.beat
        music = ((beat(event.at), event.message) for event in self.heard if event.at >= self.since)
        return [(note.on, note.off, note.pitch, note.velocity) for note in melody(music, beat(self.end))]

    def part(self, name: str) -> list[Beats]:
        """What one part of the band sounded."""
        beat = self.tempo.beat
        sounds = (sound for sound in self.sounds if sound.part == name and sound.on >= self.since)
        return [(beat(s.on), beat(s.off), s.pitch, s.velocity) for s in sounds]

    def parts(self) -> dict[str, list[Beats]]:
        """Every part by name, the player and the partner first, then those of the band that sounded."""
        sounding = {sound.part for sound in self.sounds} | {"partner"}
        return {"player": self.player(), **{name: self.part(name) for name in PARTS if name in sounding}}

    def length(self) -> int:
        """Ticks from bar 1 to the end of its last bar; at least one chorus."""
        last = round(self.tempo.beat(self.end) * TICKS)
        bar = self.sheet.meter.bar
        return max(-(-last // bar) * bar, self.settings.changes.length)

    def _answers(self) -> list[Decided]:
        return [decided for decided in self.decided if decided.at >= self.since]

    def _played(self, decided: Decided) -> Phrase:
        """The answer that was chosen, as it was led where the harmony moved."""
        phrase = decided.choice.scored[decided.choice.index].idea.phrase
        for mended in self.mended:
            if decided.at <= mended.at and decided.turn.start <= mended.line.start < decided.turn.end:
                phrase = phrase.between(decided.turn.start, mended.line.start) + mended.line
        return phrase.monophonic()

    def turns(self) -> list[Whose]:
        """Whose turn it was, without gaps: the partner's as decided, the player's all the rest."""
        answers = self._answers()
        begun = [*(decided.turn.start for decided in answers), self.length()]
        found: list[Whose] = [(0, begun[0], "player")]
        for decided, following in zip(answers, begun[1:], strict=True):
            end = min(decided.turn.end, following)  # an answer that the player broke off may be followed early
            found += [(decided.turn.start, end, "partner"), (end, following, "player")]
        return [turn for turn in found if turn[0] < turn[1]]

    def write_midi(self, path: Path) -> None:
        """Every part on its track, the chords as markers. Raises SettingError if the file cannot be written."""
        tracks = [note_track(name, notes, *PARTS[name]) for name, notes in self.parts().items()]
        title = self.sheet.title or "sideslip"
        write_session(path, tracks, self.changes(), self.tempo, title, self.sheet.key, self.length())

    def write_trace(self, path: Path) -> None:
        """The decisions as JSON Lines. Raises SettingError if the file cannot be written."""
        replace_file(path, trace.lines(self.decided, self.sheet.meter, self.mended).encode())

    def reasons(self) -> list[str]:
        """Why each answer was chosen, and what was done where the harmony moved from under it, line by line."""
        chosen = [(one.at, one.turn.start, one.why) for one in self.decided]
        later = [(one.at, one.amends[0].note.onset, one.why) for one in self.mended]
        return [f"bar {self.sheet.meter.bar_of(tick)}: {why}" for _, tick, why in sorted(chosen + later)]

    def page(self, tables: ListeningTables, title: str) -> PageData:
        """What the page shows: both lines, how far outside each note was heard, every decision."""
        partner: list[tuple[float, float, int, float]] = []
        tension: list[tuple[float, float]] = []
        for decided in self._answers():
            phrase = self._played(decided)
            if not phrase.notes:
                continue
            outside = hear(Lines.over(decided.turn.changes, [phrase]), tables).shift.smoothed[0].tolist()
            for note, value in zip(phrase, outside, strict=False):
                partner.append((note.onset / TICKS, note.end / TICKS, note.pitch, value))
                tension.append((note.onset / TICKS, value))
        shown: OutsideLine = partner
        return PageData(
            title=title,
            key=self.sheet.key,
            tempo=self.tempo.bpm,
            changes=self.changes(),
            player=[(on, off, pitch) for on, off, pitch, _ in self.player()],
            partner=shown,
            tension=tension,
            turns=self.turns(),
            decisions=trace.records(self._answers(), self.sheet.meter, self.mended),
            chart=self.sheet.title,
            seed=self.settings.seed,
            dial=self.settings.dial,
        )
