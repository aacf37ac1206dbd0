"""The proposer's own process: reads asks, writes ideas.

    python -m sideslip.stage.worker_process module:factory [ARGUMENT]

`factory(argument or None)` makes the proposer. An idea that cannot be had is answered with none at all, so that the
band turns to its own licks at once.
"""

import gc
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import BinaryIO

from sideslip.band.events import Ask
from sideslip.errors import SideslipError
from sideslip.propose.proposer import Proposer
from sideslip.stage.child import adopt, die_with_parent, receive, send
from sideslip.stage.codec import decode_ask, encode_ideas
from sideslip.stage.jsonlines import Json


def load_factory(name: str) -> Callable[[str | None], Proposer]:
    """The factory of the name "module:function"."""
    module, _, function = name.partition(":")
    factory: Callable[[str | None], Proposer] = getattr(import_module(module), function)
    return factory


def answer(proposer: Proposer, ask: Ask) -> Json:
    """The line that answers an ask; without ideas if the proposer fails."""
    try:
        return {"ask": ask.ask, "ideas": encode_ideas(proposer.propose(ask.turn, ask.seed))}
    except Exception as error:
        print(f"sideslip: the proposer had no idea: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return {"ask": ask.ask, "ideas": []}


def serve(proposer: Proposer, asks: BinaryIO, answers: BinaryIO) -> None:
    """Answer every ask in turn until there are no more, or nobody reads (on Windows EINVAL, not a broken pipe)."""
    with suppress(OSError):
        send(answers, {"ready": True})
        for line in receive(asks):
            send(answers, answer(proposer, decode_ask(line)))


def main(factory: str, argument: str = "") -> int:
    """Run until standard input ends; the exit code."""
    die_with_parent()
    asks, answers = adopt(("SIGINT",))
    try:
        proposer = load_factory(factory)(argument or None)
    except SideslipError as error:
        print(f"sideslip: {error}", file=sys.stderr)
        return 2
    gc.collect()
    gc.freeze()
    serve(proposer, asks, answers)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
