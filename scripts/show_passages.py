"""Passages of real solos, what `sideslip analyze` says of them, and what a person says who has checked.

    python scripts/show_passages.py --data solos_val.jsonl.gz --remarks docs/passages.toml --out docs/passages.md

Writes the page, and a picture of every passage into a folder beside it with the page's name. The remarks name the
passages, by solo and bars, and say what is to be heard in them; all else comes from the data. The same files give the
same bytes.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sideslip.cli import exit_on_mistake
from sideslip.commands import analyze, values
from sideslip.config import read_toml
from sideslip.errors import DataError, SettingError
from sideslip.music.changes import Changes
from sideslip.outside.spelling import in_line
from sideslip.outside.tables import ListeningTables, load_tables
from sideslip.resources import resource
from sideslip.stage.files.replace import replace_file
from sideslip.train.passages import laid_in_bars
from sideslip.train.solos import Solo, read_solos

VERDICTS = {
    "right": "What it says is right.",
    "unsure": "Right, but unsure: the likeliest guess is the right one, with less than half of the probability.",
    "wrong": "What it says is wrong.",
}
"""What the remarks may call a passage, and how the page says it."""

FIELDS = {"solo": str, "bars": list, "heading": str, "verdict": str, "remark": str}
"""What the remarks say of a passage."""

INTRODUCTION = """# Passages, checked by hand

What `sideslip analyze` says, word for word, of {count} passages of real solos that were not trained on, and what is to
be said of them note by note. Written by `scripts/show_passages.py` from solos_val and `docs/passages.toml`; only the
remarks are by hand. Bars are those of the transcription; bar 1 is the first of the form. Chords are the
transcription's too, and phrases are cut at rests of a beat, so a phrase may begin before the bars shown.

They are chosen, not drawn, and rules of the ear were made with some of them in view (what a trill tells it tells once;
two tones are no triad): examples, not a test. How often guesses are right, `scripts/evaluate_guesses.py` measures.

In the pictures a note is the redder the further outside the line is there. Tones of the chord are tinted. A bracket
says what the place sounds like, with a question mark where nothing is likelier than all else together, and a ring marks
the chord tone on which the line comes home.

| | passage | what it is, by hand | what `analyze` says is |
|---|---|---|---|
"""

NOTICE = """
Contains information from the Weimar Jazz Database, which is made available here under the Open Database License (ODbL).
The notes and chords quoted are excerpts of it: Weimar Jazz Database, The Jazzomat Research Project, Hochschule für
Musik FRANZ LISZT Weimar. M. Pfleiderer, K. Frieler, J. Abesser, W.-G. Zaddach, B. Burkhart (eds.): Inside the Jazzomat.
New Perspectives for Jazz Research. Schott Campus, 2017.
"""

Passage = Mapping[str, Any]


def main() -> None:
    """Write the page and its pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="solos, JSON Lines or .gz")
    parser.add_argument("--remarks", type=Path, default=Path("docs/passages.toml"), help="the passages (TOML)")
    parser.add_argument("--out", type=Path, required=True, help="the page to write (Markdown)")
    options = parser.parse_args()
    values.check_outputs([str(options.data), str(options.remarks)], [str(options.out)])
    passages = _passages(options.remarks)
    solos = {solo.id: solo for solo in read_solos(options.data)}
    tables = load_tables(resource("models", "listening.safetensors"))
    folder = options.out.with_suffix("")
    folder.mkdir(exist_ok=True)
    sections = []
    for number, passage in enumerate(passages, 1):
        if passage["solo"] not in solos:
            raise DataError(f"{str(options.data)!r} has no solo {passage['solo']!r}")
        drawing, section = _section(number, passage, solos[passage["solo"]], tables, folder.name)
        replace_file(folder / f"{number:02}.svg", drawing.encode())
        sections.append(section)
    page = (
        INTRODUCTION.format(count=len(passages))
        + "".join(_rows(passages, solos))
        + _sums(passages)
        + "".join(sections)
        + NOTICE
    )
    replace_file(options.out, page.encode())
    print(f"{options.out}: {len(passages)} passages")


def _passages(path: Path) -> list[Passage]:
    """The passages that the remarks name. Raises SettingError for anything else."""
    found = read_toml(path).get("passage", [])
    if not isinstance(found, list) or not all(isinstance(passage, dict) for passage in found):
        raise SettingError(f"the remarks in {str(path)!r} are tables [[passage]]; found something else")
    for passage in found:
        wrong = [name for name, kind in FIELDS.items() if not isinstance(passage.get(name), kind)]
        if not wrong and [type(bar) for bar in passage["bars"]] != [int, int]:
            wrong = ["bars"]
        if wrong:
            raise SettingError(f"a passage of {str(path)!r} wants {', '.join(FIELDS)}; found no proper {wrong[0]}")
        if passage["verdict"] not in VERDICTS:
            raise SettingError(f"a verdict is one of {', '.join(VERDICTS)}; found {passage['verdict']!r}")
    return list(found)


def _rows(passages: Sequence[Passage], solos: Mapping[str, Solo]) -> Iterator[str]:
    for number, passage in enumerate(passages, 1):
        where = _where(passage, solos[passage["solo"]])
        yield f"| {number} | {where} | {passage['heading']} | {passage['verdict']} |\n"


def _sums(passages: Sequence[Passage]) -> str:
    counts = Counter(passage["verdict"] for passage in passages)
    return "\n" + ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS) + ".\n"


def _where(passage: Passage, solo: Solo) -> str:
    return "{}, {}, bars {} to {}".format(solo.performer, solo.title, *passage["bars"])


def _section(number: int, passage: Passage, solo: Solo, tables: ListeningTables, folder: str) -> tuple[str, str]:
    """The picture and the words of a passage."""
    first, last = passage["bars"]
    phrases, changes = laid_in_bars(solo, first, last)
    heard, title = analyze.listen(phrases, changes, tables), f"{solo.performer}, {solo.title}"
    drawing = analyze.picture(heard, changes, f"{title}, bars {first} to {last}", (first, last))
    parts = [
        f"\n## {number}. {_where(passage, solo)}: {passage['heading']}\n",
        f"![{title}, bars {first} to {last}, as a piano roll over the changes]({folder}/{number:02}.svg)\n",
        *_bars(phrases, changes, first, last),
        "\n```\n" + "\n".join(analyze.told(heard, changes, title)) + "\n```\n",
        f"By hand: {' '.join(passage['remark'].split())} {VERDICTS[passage['verdict']]}\n",
    ]
    return drawing, "\n".join(parts)


def _bars(phrases: Sequence[Any], changes: Changes, first: int, last: int) -> Iterator[str]:
    """Bar by bar the chords, and the notes by their names with their degrees."""
    yield "| bar | chords | notes, each with its degree |\n|---|---|---|"
    named = [
        (note, name)
        for phrase in phrases
        for note, name in zip(phrase, in_line(phrase.pitches, [changes.at(note.onset) for note in phrase]), strict=True)
    ]
    for bar in range(first, last + 1):
        start, end = (bar - 1) * changes.meter.bar, bar * changes.meter.bar
        chords = " ".join(chord.symbol for _, chord in changes.between(start, end))
        notes = (
            f"{name} {changes.at(note.onset).degree(note.pitch)}".rstrip()
            for note, name in named
            if start <= note.onset < end
        )
        yield f"| {bar} | {chords} | {', '.join(notes)} |"


if __name__ == "__main__":
    exit_on_mistake(main)
