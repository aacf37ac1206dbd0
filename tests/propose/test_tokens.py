"""Lines as numbers: classes, places, features."""

import numpy as np

from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.phrase import Note, Phrase
from sideslip.propose import tokens
from sideslip.propose.ground import FAR, Ground
from sideslip.propose.tokens import Line, Turns

CHANGES = Changes((0, 48), (parse_chord("Dm7"), parse_chord("G7")), 96)
LINE = Phrase((Note(0, 62, 6, 80), Note(6, 65, 5, 95), Note(48, 71, 20, 60)))


def column(rows: tokens.Ints, columns: dict[str, int], name: str) -> list[int]:
    return rows[:, list(columns).index(name)].tolist()


def test_every_value_of_a_table_is_its_own_class() -> None:
    for table in (tokens.SHIFTS, tokens.DURATIONS, tokens.VELOCITIES):
        assert tokens.nearest(table, table).tolist() == list(range(len(table)))
        assert tokens.nearest(table, np.array([-5, 10**6])).tolist() == [0, len(table) - 1]


def test_columns_do_not_share_rows_of_the_table() -> None:
    for columns in (tokens.INPUT, tokens.TARGET):
        begins = tokens.offsets(columns)
        assert begins.tolist() == [sum(list(columns.values())[:i]) for i in range(len(columns))]


def features() -> tuple[tokens.Ints, tokens.Ints, tokens.Ints]:
    return of(Line.of(LINE, Phrase()))


def of(line: Line) -> tuple[tokens.Ints, tokens.Ints, tokens.Ints]:
    return tokens.features(line, Ground.of_changes(CHANGES, -48, 49), -48, 120.0, Turns.free(line.speaker))


def test_what_is_known_before_each_note_and_where_it_falls() -> None:
    inputs, targets, answers = features()
    assert inputs.shape == (4, len(tokens.INPUT)) and targets.shape == (3, len(tokens.TARGET))
    assert column(inputs, tokens.INPUT, "root") == [7, 2, 2, 7]
    assert column(inputs, tokens.INPUT, "degree")[1:] == [0, 3, 4]
    assert column(inputs, tokens.INPUT, "next_in") == [4, 4, 3, 4]
    assert column(inputs, tokens.INPUT, "next_root") == [7, 5, 5, 7]
    assert column(targets, tokens.TARGET, "target_root") == [2, 2, 7]
    silent = tokens.SILENT_PITCH
    assert column(targets, tokens.TARGET, "degree_1_back") == [(silent - 2) % 12, 0, (65 - 7) % 12]
    assert column(targets, tokens.TARGET, "degree_2_back") == [(silent - 2) % 12, (silent - 2) % 12, (62 - 7) % 12]
    none = 2 * tokens.REACH + 1
    assert column(inputs, tokens.INPUT, "interval") == [none, none, 3 + tokens.REACH, 6 + tokens.REACH]
    assert tokens.SHIFTS[answers[:, 0]].tolist() == [48, 6, 42]
    assert tokens.DURATIONS[answers[1:, 1]].tolist() == [6, 5]
    assert (answers[:, 2] + tokens.LOWEST_PITCH).tolist() == [62, 65, 71]


def test_no_answer_stands_among_what_is_known_before_it() -> None:
    _, targets, answers = features()
    louder = Phrase((*LINE.notes[:2], Note(48, 72, 20, 120)))
    inputs, other, _ = of(Line.of(louder, Phrase()))
    assert np.array_equal(inputs[:-1], features()[0][:-1]) and np.array_equal(targets, other)
    assert answers[-1, 2] == 71 - tokens.LOWEST_PITCH


def test_tempo_classes_rise_with_the_tempo() -> None:
    found = [tokens.tempo_class(bpm) for bpm in (20, 70, 71, 120, 180, 280, 400)]
    assert found == sorted(found) and found[0] == 0 and found[-1] == 7


def test_rows_say_whose_turn_it_is_and_what_is_left_of_it() -> None:
    line = Line.of(LINE, Phrase())
    turns = Turns(np.array([0, 0, 1, 1]), np.array([FAR, 30, 30, 30]), np.repeat([[5, 0, 1, 2]], 4, axis=0))
    inputs, targets, _ = tokens.features(line, Ground.of_changes(CHANGES, -48, 49), -48, 120.0, turns)
    assert column(inputs, tokens.INPUT, "turn") == [0, 0, 1, 1]
    assert column(inputs, tokens.INPUT, "left") == [33, 2, 2, 0]
    assert column(targets, tokens.TARGET, "target_left") == [33, 2, 0]
    assert [column(inputs, tokens.INPUT, f"wish_{n}") for n in ("outside", "style")] == [[5] * 4, [2] * 4]
    free, _, _ = features()
    awaited = tokens.awaiting(free, np.concatenate(([-48], line.onset)), turns)
    assert np.array_equal(awaited, inputs)
