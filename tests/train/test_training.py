"""Training: crops, a killed run that goes on bit for bit, bits that mean what they say."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from sideslip.errors import DataError, SettingError  # noqa: E402
from sideslip.propose import tokens, views  # noqa: E402
from sideslip.propose.checkpoint import ModelConfig, shapes  # noqa: E402
from sideslip.propose.transformer import LineModel, losses  # noqa: E402
from sideslip.propose.wishes import FREE  # noqa: E402
from sideslip.train import loop  # noqa: E402
from sideslip.train.dataset import Batch, batch, forget  # noqa: E402
from sideslip.train.evaluate import figures, score, windows  # noqa: E402
from sideslip.train.loop import TrainConfig, Trainer, _guided  # noqa: E402
from sideslip.train.pieces import Piece, as_heard  # noqa: E402
from sideslip.train.solos import Solo  # noqa: E402

pytestmark = pytest.mark.torch

SHAPE = ModelConfig(width=16, layers=1, heads=2, context=48)
CONFIG = TrainConfig(steps=6, batch=2, length=32, warmup=2, every=2, rivals=1)
Made = Callable[..., Solo]


@pytest.fixture(scope="module")
def pieces(made: Made) -> list[Piece]:
    return [Piece.of(made(seed)) for seed in range(3)]


def test_a_cut_says_the_same_of_a_note_wherever_it_begins(pieces: list[Piece]) -> None:
    for early, late in zip(pieces[0].cut(0, 60).arrays, pieces[0].cut(20, 60).arrays, strict=True):
        assert np.array_equal(early[20:], late)


def test_another_key_changes_pitches_and_roots_and_nothing_else(made: Made) -> None:
    solo = made(0)
    here, moved = Piece.of(solo), Piece.of(replace(solo, pitch=solo.pitch + 5), semitones=5)
    for found, wanted in zip(here.cut(3, 40, 5).arrays, moved.cut(3, 40).arrays, strict=True):
        assert np.array_equal(found, wanted)
    inputs, found = here.cut(3, 40).inputs, here.cut(3, 40, 5).inputs  # silence has a pitch of its own in every key
    changed = {name for i, name in enumerate(tokens.INPUT) if (found[:, i] != inputs[:, i]).any()}
    assert changed == {"pitch", "root"}


def test_what_is_heard_of_a_solo_lies_where_the_quantiser_puts_it(made: Made) -> None:
    solo = made(2)
    assert (as_heard(solo).onset_ticks == solo.onset_ticks).all()
    late = as_heard(replace(solo, performed=solo.performed + 0.03))
    assert (late.onset_ticks == solo.onset_ticks).mean() > 0.9
    rushed = replace(solo, performed=solo.performed[0] + np.arange(120) / 50)  # fifty notes a beat
    heard = as_heard(rushed)
    assert len(heard) < 60 and (np.diff(heard.onset_ticks) > 0).all() and heard.pitch[0] == solo.pitch[0]


def test_short_pieces_are_padded_and_padding_is_not_told(made: Made) -> None:
    short = Piece.of(made(5, notes=10))
    answers = batch([short], 3, 32, 0, np.random.default_rng(0)).crops.answers
    assert (answers[:, 10:] == -1).all() and (answers[:, 1:10] >= 0).all() and (answers[:, 0, 1] == -1).all()


def test_who_forgets_sees_what_stands_at_the_beginning_of_a_gig(pieces: list[Piece]) -> None:
    rows, first = pieces[0].cut(30, 60), pieces[0].cut(0, 1)
    forget(rows)
    for seen, nothing, choice in (
        (rows.shift, first.shift, views.SHIFT),
        (rows.duration, first.duration, views.DURATION),
        (rows.pitch, first.pitch, views.PITCH),
    ):
        for column, name in enumerate(choice):
            if name in views.OF_MEMORY:
                assert (seen[:, column] == nothing[0, column]).all()


def test_chords_that_moved_away_are_those_of_a_solo_over_moved_chords(made: Made, pieces: list[Piece]) -> None:
    over = Piece.of(made(0), semitones=4)
    for found, wanted in zip(pieces[0].cut(3, 60, 0, 4).arrays, over.cut(3, 60).arrays, strict=True):
        assert np.array_equal(found, wanted)


def test_rivals_are_the_same_crops_over_other_chords(pieces: list[Piece]) -> None:
    drawn = batch(pieces, 4, 32, 2, np.random.default_rng(2))
    assert drawn.rivals is not None
    root = list(tokens.INPUT).index("root")
    assert np.array_equal(drawn.rivals.answers, drawn.crops.answers[:2])
    assert (drawn.rivals.inputs[..., root] != drawn.crops.inputs[:2, :, root]).all()
    assert np.array_equal(drawn.rivals.shift, drawn.crops.shift[:2])


@pytest.mark.parametrize("half", [False, True])
def test_a_student_learns_from_its_teachers_word(pieces: list[Piece], half: bool) -> None:
    torch.manual_seed(4)
    teachers = [LineModel(SHAPE), LineModel(SHAPE)]
    for part in (p for teacher in teachers for p in teacher.parameters()):
        torch.nn.init.normal_(part, std=0.1)
    config = replace(CONFIG, trust=1.0, rate=2e-3, steps=60, batch=8, rivals=0, half=half)
    taught = Trainer.new(replace(SHAPE, dropout=0.0, masking=0.0), config, teachers)

    def away() -> float:
        x, y, z, *seen = (torch.from_numpy(a).long()[None] for a in pieces[0].cut(0, 40).arrays)
        given = x, y, z.clamp(min=0), *seen
        with torch.no_grad():
            word = sum(teacher(*given)[2].softmax(-1) for teacher in teachers) / 2
            return float((taught.average.eval()(*given)[2].softmax(-1) - word).abs().sum(-1).mean())

    first = away()
    for _ in range(60):
        taught.advance(pieces)
    assert away() < 0.6 * first


def test_guided_probabilities_go_on_in_the_direction_that_was_asked_for() -> None:
    free, asked = torch.tensor([0.5, 0.3, 0.2]), torch.tensor([0.2, 0.3, 0.5])
    assert torch.allclose(_guided(asked, free, 1.0), asked) and torch.allclose(_guided(asked, free, 0.0), free)
    far = _guided(asked, free, 3.0)
    assert far[2] > 0.8 and far[0] < 0.05 and far.sum() == pytest.approx(1.0)


def step_on(
    changed: Callable[[Batch], None], config: TrainConfig, pieces: list[Piece], monkeypatch: pytest.MonkeyPatch
) -> tuple[torch.Tensor, torch.Tensor]:
    """The bits and the gradient of a first step on crops that were changed before it; the weights are the same each
    time, and so are the crops."""
    torch.manual_seed(5)
    trainer = Trainer.new(replace(SHAPE, dropout=0.0, masking=0.0), config, [LineModel(SHAPE), LineModel(SHAPE)])

    def drawn(*given: Any) -> Batch:
        made = batch(*given)
        changed(made)
        return made

    monkeypatch.setattr(loop, "batch", drawn)
    bits = trainer.advance(pieces)
    return bits, torch.cat([p.grad.flatten() for p in trainer.model.parameters() if p.grad is not None])


def play_other_notes(drawn: Batch) -> None:
    """Have other pitches and velocities answer in the imagined crops."""
    answers = drawn.crops.answers[len(drawn.crops.answers) - drawn.imagined :]
    for column, size in ((2, tokens.PITCHES), (3, len(tokens.VELOCITIES))):
        answers[..., column] = np.where(answers[..., column] < 0, -1, (answers[..., column] + 3) % size)


@pytest.mark.parametrize("trust", [0.0, 1.0])
def test_what_was_not_played_is_no_answer_but_the_teachers_word_on_it_is(
    pieces: list[Piece], monkeypatch: pytest.MonkeyPatch, trust: float
) -> None:
    config = replace(CONFIG, batch=4, imagined=2, rivals=0, trust=trust)
    played = step_on(lambda drawn: None, config, pieces, monkeypatch)
    other = step_on(play_other_notes, config, pieces, monkeypatch)
    assert torch.equal(played[0], other[0])  # the bits that are reported are those of what was played
    assert torch.equal(played[1], other[1]) == (trust == 0.0)
    real = step_on(lambda drawn: play_other_notes(replace(drawn, imagined=4)), config, pieces, monkeypatch)
    assert not torch.equal(played[0], real[0])


def test_imagined_crops_need_teachers() -> None:
    with pytest.raises(SettingError, match="need teachers"):
        Trainer.new(SHAPE, replace(CONFIG, imagined=1, rivals=0))


@pytest.mark.parametrize("asked", [True, False])
def test_guided_teachers_are_led_away_from_what_they_say_when_nothing_is_asked(
    pieces: list[Piece], monkeypatch: pytest.MonkeyPatch, asked: bool
) -> None:
    def wish(drawn: Batch) -> None:
        drawn.crops.inputs[..., tokens.WISHED] = 0 if asked else FREE

    config = replace(CONFIG, rivals=0, trust=1.0)
    free, said, far = (
        step_on(wish, replace(config, guidance=each), pieces, monkeypatch)[1] for each in (0.0, 1.0, 2.0)
    )
    apart = (float((each - said).norm() / said.norm()) for each in (free, far))
    assert all(each > 0.01 if asked else each < 1e-4 for each in apart)


def test_rivals_teach_what_the_chords_say(pieces: list[Piece]) -> None:
    held_back = batch(pieces, 8, 32, 8, np.random.default_rng(9))
    assert held_back.rivals is not None

    def apart(rivalry: float) -> float:
        """Nats a note that pitches cost more over moved chords than over their own."""
        config = replace(CONFIG, steps=30, batch=4, rivals=4, rate=1e-2, rivalry=rivalry, margin=2.0)
        trainer = Trainer.new(replace(SHAPE, dropout=0.0, masking=0.0), config)
        for _ in range(30):
            trainer.advance(pieces)
        cost = []
        for rows in (held_back.crops, held_back.rivals):
            x, y, z, *seen = (torch.from_numpy(array).long() for array in rows.arrays)
            with torch.no_grad():
                cost.append(
                    float(losses(trainer.model.eval()(x, y, z.clamp(min=0), *seen), z.clamp(min=0))[..., 2].mean())
                )
        return cost[1] - cost[0]

    assert apart(1.0) > apart(0.0) + 0.1


def test_the_rate_warms_up_and_goes_down_to_a_fiftieth(pieces: list[Piece]) -> None:
    trainer = Trainer.new(SHAPE, replace(CONFIG, steps=50, warmup=10, rate=1e-2))
    for step, wanted in ((0, 1e-3), (4, 5e-3), (9, 1e-2), (10, 1e-2), (30, 0.51e-2), (50, 2e-4)):
        trainer.step = step
        assert trainer.rate() == pytest.approx(wanted)
    trainer.step = 3
    trainer.advance(pieces)
    assert [group["lr"] for group in trainer.optimiser.param_groups] == pytest.approx([4e-3, 4e-3])


def test_teachers_have_the_shape_of_their_student() -> None:
    with pytest.raises(SettingError, match="shape of their student"):
        Trainer.new(SHAPE, CONFIG, [LineModel(replace(SHAPE, width=32))])


def test_a_killed_run_goes_on_bit_for_bit(tmp_path: Path, pieces: list[Piece]) -> None:
    straight = Trainer.new(SHAPE, CONFIG)
    for _ in range(6):
        straight.advance(pieces)
    broken = Trainer.new(SHAPE, CONFIG)
    for _ in range(3):
        broken.advance(pieces)
    broken.save(tmp_path / "state.safetensors")
    resumed = Trainer.new(SHAPE, CONFIG)
    resumed.load(tmp_path / "state.safetensors")
    for _ in range(3):
        resumed.advance(pieces)
    for name, value in straight.average.state_dict().items():
        assert torch.equal(value, resumed.average.state_dict()[name]), name


def test_a_run_with_other_settings_is_not_taken_up(tmp_path: Path) -> None:
    Trainer.new(SHAPE, CONFIG).save(tmp_path / "state.safetensors")
    with pytest.raises(DataError, match="other settings"):
        Trainer.new(SHAPE, replace(CONFIG, seed=2)).load(tmp_path / "state.safetensors")


def test_training_learns_what_there_is_to_learn(pieces: list[Piece]) -> None:
    trainer = Trainer.new(SHAPE, replace(CONFIG, steps=60, batch=4, rate=1e-2))
    first = trainer.advance(pieces)[:3].sum()
    last = [trainer.advance(pieces)[:3].sum() for _ in range(59)][-1]
    assert last < first - 3.0


def test_every_note_but_the_first_is_scored_once(pieces: list[Piece]) -> None:
    for length in (2, 47, 48, 49, 200):
        scored = [note for _, first, end in windows(length, 48, 16) for note in range(first, end)]
        assert scored == list(range(length))
    assert len(score([LineModel(SHAPE)], pieces[0], fresh=16).bits) == len(pieces[0]) - 1


def test_a_model_that_knows_nothing_needs_the_bits_of_an_even_guess(pieces: list[Piece]) -> None:
    model = LineModel(SHAPE)
    torch.nn.init.zeros_(model.heads.shift.tables.weight)
    torch.nn.init.zeros_(model.heads.shift.tables.bias)
    found = figures([score([model], pieces[0])])
    assert found["shift_bits"] == pytest.approx(math.log2(len(tokens.SHIFTS)), abs=1e-5)
    assert found["bits_per_note"] == pytest.approx(found["shift_bits"] + found["pitch_bits"] + found["duration_bits"])


def test_the_mean_of_two_models_is_the_mean_of_their_probabilities(pieces: list[Piece]) -> None:
    torch.manual_seed(7)
    models = [LineModel(SHAPE), LineModel(SHAPE)]
    one, other, both = (score(each, pieces[0], 16).bits for each in (models[:1], models[1:], models))
    assert np.allclose(2.0**-both, (2.0**-one + 2.0**-other) / 2, atol=1e-6)


@settings(max_examples=12, deadline=None)
@given(last=st.integers(0, 58), seed=st.integers(0, 10**6))
def test_scores_do_not_see_the_future(made: Made, last: int, seed: int) -> None:
    """Whatever comes after a note, and however long it is held: that of the notes up to it is not known."""
    torch.manual_seed(1)
    rng, model, whole = np.random.default_rng(seed), LineModel(replace(SHAPE, context=32)), made(1, notes=60)
    onset, pitch, beats = whole.onset_ticks.copy(), whole.pitch.copy(), whole.duration_beats.copy()
    onset[last + 1 :] = onset[last] + np.cumsum(rng.integers(1, 30, 59 - last))
    pitch[last + 1 :] += rng.integers(1, 8, 59 - last)
    beats[last:] = rng.uniform(0.1, 3.0, 60 - last)
    other = made(1, notes=60, onset_ticks=onset, performed=onset / 12, pitch=pitch, duration_beats=beats)
    a, b = (score([model], Piece.of(each), fresh=8) for each in (whole, other))
    assert np.allclose(a.bits[:last], b.bits[:last], atol=1e-5) and np.array_equal(a.rank[:last], b.rank[:last])
    assert not np.allclose(a.bits[last:], b.bits[last:], atol=1e-3)


@pytest.mark.parametrize(
    ("name", "note", "value", "told"),
    [("duration_beats", 19, 3.0, 1), ("pitch", 20, 90, 2), ("velocity", 20, 40, 3)],
)
def test_no_part_of_a_note_sees_itself_or_the_parts_after_it(
    made: Made, name: str, note: int, value: float, told: int
) -> None:
    """Note 20 is told by its shift, the duration of the note before, its pitch and its velocity, in this order."""
    torch.manual_seed(1)
    model, whole = LineModel(SHAPE), made(1, notes=40)
    changed = getattr(whole, name).copy()
    changed[note] = value
    a, b = (score([model], Piece.of(each)).bits for each in (whole, replace(whole, **{name: changed})))
    assert np.allclose(a[:19], b[:19], atol=1e-5) and np.allclose(a[19, :told], b[19, :told], atol=1e-5)
    assert abs(a[19, told] - b[19, told]) > 1e-3


def test_weights_are_checked_against_the_models_own_shapes() -> None:
    found = {name: tuple(tensor.shape) for name, tensor in LineModel(SHAPE).state_dict().items()}
    assert found == shapes(SHAPE)


def test_a_model_with_a_short_context_is_scored_on_every_note(made: Made) -> None:
    model = LineModel(replace(SHAPE, context=16))
    assert len(score([model], Piece.of(made(4, notes=60))).bits) == 59


def test_crops_are_no_longer_than_the_model_can_see() -> None:
    with pytest.raises(SettingError, match="as long as the context"):
        Trainer.new(SHAPE, replace(CONFIG, length=64))
