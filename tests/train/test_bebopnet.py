"""The benchmark of events: nothing of the future is seen, keys are all one, a killed run goes on bit for bit."""

import gzip
import json
import runpy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from sideslip.errors import DataError  # noqa: E402
from sideslip.propose.checkpoint import ModelConfig  # noqa: E402
from sideslip.train.bebopnet import events, features, habits, views  # noqa: E402
from sideslip.train.bebopnet.events import BAR, LONGEST, LOWEST, PITCHES, REST, TYPES, Solo  # noqa: E402
from sideslip.train.bebopnet.features import Piece  # noqa: E402
from sideslip.train.bebopnet.model import EventModel, losses  # noqa: E402
from sideslip.train.bebopnet.scoring import Scores, figures, interval, probabilities, score  # noqa: E402
from sideslip.train.bebopnet.training import TrainConfig, Trainer  # noqa: E402

pytestmark = pytest.mark.torch

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "bench_bebopnet.py"
SHAPE = ModelConfig(width=16, layers=1, heads=2, context=24)
CONFIG = TrainConfig(steps=40, batch=4, length=24, warmup=2, rate=5e-3, average=0.9, half=False)


def solo(seed: int, n: int = 60) -> Solo:
    """Random events without gaps: rests, leaps, four chords."""
    rng = np.random.default_rng(seed)
    pitch, duration = rng.integers(50, 80, n), rng.choice([3, 5, 6, 7, 12, 50], n)
    pitch[rng.random(n) < 0.15] = REST
    return gapless(pitch, duration, rng.integers(0, 12, n), rng.integers(0, len(TYPES), n))


def gapless(pitch: Any, duration: Any, root: Any, type: Any) -> Solo:
    offset = np.append(0, np.cumsum(duration)[:-1]) % BAR
    return Solo("made", "train", pitch, duration, offset, root, type)


def motif(n: int = 96) -> Solo:
    """Four notes over and over."""
    index = np.arange(n)
    return gapless(np.array([60, 64, 67, 62])[index % 4], np.full(n, 6), np.zeros(n, int), np.zeros(n, int))


def changed_from(old: Solo, first: int, pitch_kept: bool) -> Solo:
    """The same up to event `first`, whose chord, offset and (if so) pitch stay; all after it is another solo's."""
    new = solo(99, len(old))
    kept = np.arange(len(old)) < first
    at = np.arange(len(old)) <= first
    return gapless(
        np.where(at if pitch_kept else kept, old.pitch, new.pitch),
        np.where(kept, old.duration, new.duration),
        np.where(at, old.root, new.root),
        np.where(at, old.type, new.type),
    )


def written(path: Path, *solos: Solo, **changed: Any) -> Path:
    records = [
        {
            "melid": i,
            "split": each.split,
            "pitch": [None if p == REST else p for p in each.pitch.tolist()],
            "dur": each.duration.tolist(),
            "offset": each.offset.tolist(),
            "root": each.root.tolist(),
            "type": [TYPES[t] for t in each.type],
            **changed,
        }
        for i, each in enumerate(solos)
    ]
    path.write_bytes(gzip.compress("".join(json.dumps(record) + "\n" for record in records).encode()))
    return path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    (read,) = events.read_solos(written(tmp_path / "solos.gz", solo(0)))
    for name in ("pitch", "duration", "offset", "root", "type"):
        assert np.array_equal(getattr(read, name), getattr(solo(0), name))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"offset": [1] * 60}, "a gap"),
        ({"pitch": [20] * 60}, "'pitch'|a pitch"),
        ({"dur": [0] * 60}, "'dur'"),
        ({"root": [0]}, "one length"),
        ({"type": ["sus"] * 60}, "tuple.index"),
        ({"split": "val"}, "'train' or 'test'"),
    ],
)
def test_what_is_no_solo_is_refused_with_its_line(tmp_path: Path, changed: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=f"line 1.*({words})"):
        events.read_solos(written(tmp_path / "solos.gz", solo(0), **changed))


def test_an_event_lands_where_the_next_begins() -> None:
    made = solo(3)
    assert np.array_equal(events.landings(made)[:-1], made.offset[1:])
    table, _ = views.duration_views(made)
    told = table[np.arange(len(made)), made.duration - 1, list(views.DURATION_VIEWS).index("landing")]
    assert np.array_equal(told[:-1], made.offset[1:])


def test_solos_are_held_back_once_over_all_folds() -> None:
    solos = [replace(solo(seed, 4), name=str(seed)) for seed in range(23)]
    held = [s.name for fold in range(10) for s in events.held_back(solos, fold)[1]]
    assert sorted(held) == sorted(s.name for s in solos)
    learnt, chosen = events.held_back(solos, 3)
    assert {s.name for s in learnt}.isdisjoint(s.name for s in chosen) and len(learnt) + len(chosen) == 23


@given(st.integers(0, 30), st.integers(0, 38))
def test_nothing_of_the_future_is_seen(seed: int, first: int) -> None:
    old = solo(seed, 40)
    one, other = Piece.of(old), Piece.of(changed_from(old, first, pitch_kept=False))
    for name in ("inputs", "pitch_views", "pitch_habits"):
        assert np.array_equal(getattr(one, name)[: first + 1], getattr(other, name)[: first + 1])
    other = Piece.of(changed_from(old, first, pitch_kept=True))
    for name in ("known", "duration_views", "duration_habits"):
        assert np.array_equal(getattr(one, name)[: first + 1], getattr(other, name)[: first + 1])


@pytest.mark.parametrize("first", [5, 23, 24, 40])
def test_predictions_know_no_future(first: int) -> None:
    torch.manual_seed(0)
    model, old = EventModel(SHAPE), solo(1)
    now, then = (probabilities(model, Piece.of(s)) for s in (old, changed_from(old, first, pitch_kept=False)))
    assert torch.allclose(now[0][: first + 1], then[0][: first + 1], atol=1e-6)
    assert not torch.allclose(now[0][first + 1 : first + 4], then[0][first + 1 : first + 4], atol=1e-6)
    told = probabilities(model, Piece.of(changed_from(old, first, pitch_kept=True)))
    assert torch.allclose(now[1][: first + 1], told[1][: first + 1], atol=1e-6)


def test_probabilities_are_of_every_outcome_and_sum_to_one() -> None:
    pitch, duration = probabilities(EventModel(SHAPE), Piece.of(solo(2)))
    assert pitch.shape == (60, PITCHES + 1) and duration.shape == (60, LONGEST)
    for each in (pitch, duration):
        assert torch.allclose(each.sum(-1), torch.ones(60), atol=1e-5) and (each > 0).all()


@given(st.integers(0, 30), st.integers(-5, 6))
def test_another_key_moves_pitches_and_roots_and_nothing_else(seed: int, semitones: int) -> None:
    old = solo(seed, 30)
    pitch = np.where(old.pitch == REST, REST, old.pitch + semitones)
    moved = replace(old, pitch=pitch, root=(old.root + semitones) % 12)
    for one, other in zip(Piece.of(old).cut(0, 30, semitones), Piece.of(moved).cut(0, 30), strict=True):
        assert np.array_equal(one, other)
    inputs, changed = Piece.of(old).inputs, Piece.of(moved).inputs
    names = {name for i, name in enumerate(features.INPUT) if (inputs[:, i] != changed[:, i]).any()}
    assert names <= {"pitch", "height", "root"}


def test_a_pattern_is_found_with_its_length() -> None:
    context, outcome = np.array([1, 2, 3, 9, 1, 2, 3]), np.array([5, 6, 7, 8, 5, 6, 7])
    found, latest = views.pattern(context, outcome, 10)
    assert found[6, 7] == 1 + 3 and latest[6] == 7  # 1 2 3 came before, and 7 with it
    assert found[6, 5] == 1 and found[6, 9] == 0  # came, but after no like context; never came
    assert found[2].max() == 1  # nothing like it yet


def test_a_motif_marks_the_pitch_that_would_complete_it() -> None:
    made = motif(24)
    table, hints = views.pitch_views(made)
    row = made.pitch - views.CANDIDATES[0]
    marked = table[np.arange(24), row, list(views.PITCH_VIEWS).index("motif")]
    assert (marked[12:] == views.MATCH - 1).all()  # the longest match, and the latest of them
    assert (hints[12:, 0] - views.REACH == np.diff(made.pitch)[11:]).all()


def test_a_repeated_motif_is_learnt() -> None:
    trainer = Trainer.new(SHAPE, CONFIG)
    pieces = [Piece.of(motif())]
    first = trainer.advance(pieces).sum()
    for _ in range(39):
        last = trainer.advance(pieces).sum()
    assert last < 0.3 * first
    assert figures([score([trainer.average], pieces[0])])["pitch_top1"] > 0.9


def test_a_killed_run_goes_on_bit_for_bit(tmp_path: Path) -> None:
    pieces = [Piece.of(solo(seed)) for seed in range(3)]
    straight, first, second = (Trainer.new(SHAPE, CONFIG) for _ in range(3))
    for trainer, steps in ((straight, 6), (first, 3)):
        for step in range(steps):
            trainer.advance(pieces)
            trainer.judge(5.0 - step if step < 2 else 9.0)
    first.save(tmp_path / "state.safetensors")
    second.load(tmp_path / "state.safetensors")
    for _ in range(3):
        second.advance(pieces)
    assert second.step == straight.step and second.best == straight.best == (2, 4.0)
    for name in ("model", "average", "chosen"):
        pairs = zip(getattr(straight, name).parameters(), getattr(second, name).parameters(), strict=True)
        assert all(torch.equal(a, b) for a, b in pairs)


def test_the_state_of_another_run_is_refused(tmp_path: Path) -> None:
    Trainer.new(SHAPE, CONFIG).save(tmp_path / "state.safetensors")
    with pytest.raises(DataError, match="other settings"):
        Trainer.new(SHAPE, replace(CONFIG, seed=2)).load(tmp_path / "state.safetensors")


def test_the_first_event_is_not_scored_and_windows_score_all_others_once() -> None:
    model, piece = EventModel(SHAPE), Piece.of(solo(4))
    assert score([model], piece).nats.shape == (59, 2)
    alone, twice = score([model], piece), score([model, model], piece)
    assert np.allclose(alone.nats, twice.nats, atol=1e-6)
    inputs = [torch.from_numpy(array)[None] for array in piece.cut(0, 24)]
    with torch.no_grad():
        nats = losses(model(*inputs[:-1]), inputs[-1])[0, 1:]
    assert np.allclose(alone.nats[:23], nats.numpy(), atol=1e-5)


def test_padding_and_first_events_are_not_learnt() -> None:
    *_, answers = features.batch([Piece.of(solo(5, 10))], 3, 24, np.random.default_rng(0))
    assert (answers[:, 10:] == -1).all() and (answers[:, 0] == -1).all() and (answers[:, 1:10] >= 0).all()


def test_figures_count_events_and_the_interval_holds_the_mean() -> None:
    rng = np.random.default_rng(0)
    scores = [Scores(rng.gamma(2.0, 1.0, (n, 2)), rng.integers(0, 8, (n, 2))) for n in (10, 30, 50)]
    found = figures(scores)
    assert found["events"] == 90 and found["joint_nats"] == pytest.approx(found["pitch_nats"] + found["duration_nats"])
    assert found["pitch_top1"] < found["pitch_top3"] < found["pitch_top5"] < 1
    low, high = interval(scores)
    assert low < found["joint_nats"] < high


@pytest.mark.parametrize("pitch", [[REST], [60], [REST, 60, REST], [REST, REST, REST]])
def test_the_shortest_solos_have_features(pitch: list[int]) -> None:
    n = len(pitch)
    piece = Piece.of(gapless(np.array(pitch), np.full(n, 6), np.zeros(n, int), np.zeros(n, int)))
    assert len(piece.inputs) == len(piece.pitch_views) == len(piece.duration_habits) == n


def test_habits_are_shares_of_what_came_in_the_same_place() -> None:
    place, outcome = np.array([0, 0, 1, 0, 0]), np.array([2, 2, 0, -1, 1])
    told = np.exp(habits.shares(place, outcome, 4))
    assert np.allclose(told.sum(-1), 1)
    assert np.allclose(told[0], 0.25) and np.allclose(told[2], 0.25)  # nothing came there yet
    assert told[4] == pytest.approx([0.125, 0.125, 0.625, 0.125]) and np.allclose(told[3], told[4])
    fading = np.exp(habits.shares(place, outcome, 4, memory=1.0))
    assert fading[3, 2] < told[3, 2]


@pytest.mark.slow
def test_the_script_trains_scores_and_scores_the_same_when_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    solos = [*(solo(seed, 30) for seed in range(11)), *(replace(solo(seed, 30), split="test") for seed in (20, 21))]
    data = written(tmp_path / "solos.gz", *solos)
    words = ["--data", str(data), "--seeds", "1", "2", "--steps", "1", "--out", str(tmp_path / "runs"), "--resume"]
    monkeypatch.setattr("sys.argv", ["bench_bebopnet.py", *words, "--json"])
    found = []
    for _ in range(2):
        runpy.run_path(str(SCRIPT), run_name="__main__")
        found.append(json.loads(capsys.readouterr().out))
    assert found[0] == found[1] and list(found[0]) == ["seed 1", "seed 2", "mean of 2"]
    assert found[0]["mean of 2"]["events"] == 58 and found[0]["mean of 2"]["solos"] == 2
    alone = [found[0][f"seed {seed}"]["joint_nats"] for seed in (1, 2)]
    assert found[0]["mean of 2"]["joint_nats"] <= sum(alone) / 2  # the logarithm is concave


def test_pitches_are_numbered_from_the_lowest() -> None:
    piece = Piece.of(motif(8))
    assert piece.answers[:4, 0].tolist() == [60 - LOWEST, 64 - LOWEST, 67 - LOWEST, 62 - LOWEST]
    assert (piece.answers[:, 1] == 5).all()
