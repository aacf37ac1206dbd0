"""The proposer's process: answers, and what becomes of it when it dies, hangs or talks nonsense."""

import logging
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import pytest

from sideslip.band.events import Ask, Ideas
from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.dialogue import Turn
from sideslip.stage.codec import encode_ask
from sideslip.stage.inbox import Inbox
from sideslip.stage.jsonlines import dump
from sideslip.stage.worker import WorkerBrain
from sideslip.testing import ScriptedProposer

TURN = Turn(48, 96, Changes((0,), (parse_chord("F7"),), 48))
BAD, GOOD = 13, 1
LONG = 30.0  # s; only a broken build waits this long


@contextmanager
def brain(trouble: str = "", patience: float = 3.0) -> Iterator[tuple[WorkerBrain, Inbox]]:
    inbox = Inbox()
    worker = WorkerBrain(inbox, monotonic, "sideslip.testing.proposer:troubled", trouble, patience)
    try:
        yield worker, inbox
    finally:
        worker.close()


def answer(inbox: Inbox) -> Ideas:
    event = inbox.take(LONG)
    assert isinstance(event, Ideas)
    return event


def test_answers_as_the_proposer_would_and_says_how_long_it_thought() -> None:
    with brain() as (worker, inbox):
        began = monotonic()
        worker.ask(Ask(1, TURN, GOOD))
        got = answer(inbox)
    assert got.ask == 1
    assert got.ideas == ScriptedProposer().propose(TURN, GOOD)
    assert 0 < got.thinking <= got.at - began


def test_only_the_newest_of_several_asks_is_answered() -> None:
    with brain() as (worker, inbox):
        for number in range(1, 6):  # the process has not even started yet
            worker.ask(Ask(number, TURN, GOOD))
        assert answer(inbox).ask == 5
        worker.ask(Ask(6, TURN, GOOD))
        assert answer(inbox).ask == 6


def test_a_proposer_that_fails_has_no_ideas_and_says_why(capfd: pytest.CaptureFixture[str]) -> None:
    with brain("raise") as (worker, inbox):
        worker.ask(Ask(1, TURN, BAD))
        assert answer(inbox).ideas == ()
        worker.ask(Ask(2, TURN, GOOD))
        assert len(answer(inbox).ideas) == 1
    assert capfd.readouterr().err == "sideslip: the proposer had no idea: FloatingPointError: NaN in the logits\n"


@pytest.mark.parametrize("trouble", ["die", "nonsense"])
def test_a_process_that_dies_or_talks_nonsense_is_replaced(trouble: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), brain(trouble) as (worker, inbox):
        worker.ask(Ask(1, TURN, GOOD))
        assert answer(inbox).ask == 1
        worker.ask(Ask(2, TURN, BAD))
        while not caplog.records:  # until it has been noticed
            assert inbox.take(0.01) is None
        worker.ask(Ask(3, TURN, GOOD))
        assert answer(inbox).ask == 3


def test_a_process_that_hangs_is_replaced_when_the_next_ask_comes() -> None:
    with brain("hang", patience=0.1) as (worker, inbox):
        worker.ask(Ask(1, TURN, GOOD))
        assert answer(inbox).ask == 1
        worker.ask(Ask(2, TURN, BAD))
        assert inbox.take(0.2) is None
        worker.ask(Ask(3, TURN, GOOD))
        assert answer(inbox).ask == 3


def test_a_proposer_that_cannot_be_made_says_so_in_one_line_and_nothing_is_answered() -> None:
    code = (
        "from sideslip.stage.worker_process import main\n"
        "raise SystemExit(main('sideslip.music.chord:parse_chord', 'H7'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, input="", timeout=LONG)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1 and "H7" in done.stderr


def test_closing_takes_less_than_half_a_second_even_while_it_hangs() -> None:
    with brain("hang") as (worker, inbox):
        worker.ask(Ask(1, TURN, GOOD))
        answer(inbox)
        worker.ask(Ask(2, TURN, BAD))
        began = monotonic()
        worker.close()
        assert monotonic() - began < 0.5


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a busy child lives until it has answered")
def test_a_hanging_child_dies_with_its_parent() -> None:
    code = """
import json, os, sys
from sideslip.stage.child import Child
child = Child("sideslip.stage.worker_process", "sideslip.testing.proposer:troubled", "hang")
next(lines := child.lines())
child.send(json.loads(sys.argv[1]))
os.kill(os.getpid(), 9)
"""
    ask = dump(encode_ask(Ask(1, TURN, BAD)))
    # returns only when everyone who holds standard error has ended, the grandchild too
    done = subprocess.run([sys.executable, "-c", code, ask], capture_output=True, timeout=LONG)
    assert done.returncode == -signal.SIGKILL
