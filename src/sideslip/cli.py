"""The command line: what can be asked for, and in which words.

Each command lives in `commands` and is imported only when it runs, so that none waits for what it does not need.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import NoReturn, TypeAlias

from sideslip import __version__
from sideslip.errors import SettingError, SideslipError
from sideslip.stage.arithmetic import on_one_thread

Parser = argparse.ArgumentParser

EXAMPLES = """examples:
  sideslip demo                                        hear a player and sideslip trade fours over a blues
  sideslip rehearse call.mid --chart blues-in-f --out answer.mid
  sideslip jam --in KeyLab --out Synth --chart my-tune.txt --tempo 140
  sideslip analyze solo.mid --chart rhythm-changes
"""


HANDS = """while it plays, keys of the terminal (? lists them) and controllers of your keyboard move: outside, density,
register, trade, lay-out, take-over, panic; without --learn these are controllers 21 to 27.
SIGUSR1 is panic too: all notes end, the gig goes on.
"""


class _OneLineParser(Parser):
    """A parser whose complaint is one line like every other mistake's."""

    def error(self, message: str) -> NoReturn:
        raise SettingError(f"{message}; see '{self.prog} --help'")


def exit_on_mistake(main: Callable[[], None]) -> None:
    """Run a command; a user's mistake becomes one line on stderr and exit code 2, Ctrl-C exit code 130."""
    try:
        main()
    except SideslipError as mistake:
        print(f"sideslip: {mistake}", file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:  # the reader of our output has left, as `| head` does
        sys.stderr.close()
        raise SystemExit(0) from None


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point `sideslip`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that has no Δ, ♭ or ♯ shows a question mark
            stream.reconfigure(errors="replace")
    exit_on_mistake(lambda: _run(arguments))


def _run(arguments: Sequence[str] | None) -> None:
    options = parser().parse_args(arguments)
    os.environ.update(on_one_thread(os.environ))
    import_module(f"sideslip.commands.{options.command}").run(options)


def parser() -> Parser:
    """The whole command line as a parser."""
    top = _OneLineParser(
        prog="sideslip",
        description="A jazz partner that listens to you over MIDI and takes risks it can resolve.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"sideslip {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (_demo, _rehearse, _jam, _replay, _analyze, _charts, _ports, _latency, _doctor):
        add(commands)
    return top


_BACKENDS = "alsa, jack, coremidi or winmm, if wanted with a library: rtmidi/jack, rtmidi2/alsa"

Commands: TypeAlias = "argparse._SubParsersAction[_OneLineParser]"


def _demo(commands: Commands) -> None:
    demo = commands.add_parser("demo", help="a player and sideslip trade fours; no device needed")
    demo.add_argument("--out", metavar="DIR", default="sideslip-demo", help="folder for music, trace and page")
    demo.add_argument("--chart", metavar="C", default="blues-in-f", help="a chart file or the name of a built-in chart")
    _gig(demo, choruses=2)


def _rehearse(commands: Commands) -> None:
    rehearse = commands.add_parser("rehearse", help="jam with a MIDI file as the player, as fast as the machine allows")
    rehearse.add_argument("call", metavar="CALL.mid", help="what the player plays; bar 1 begins at tick 0")
    rehearse.add_argument("--chart", metavar="C", required=True, help="a chart file, a built-in chart, or none: by ear")
    rehearse.add_argument("--out", metavar="OUT.mid", required=True, help="where the performance goes")
    rehearse.add_argument("--trade", default="4", metavar="N|free|duet", help="bars a turn, or by ear (default 4)")
    rehearse.add_argument(
        "--tempo", metavar="BPM|tap|follow", help="default: the file's, else the chart's; tap: its first bar counts in"
    )
    rehearse.add_argument("--anywhere", action="store_true", help="the player may begin in any bar of the form")
    rehearse.add_argument("--trace", metavar="T.jsonl", help="write every decision with its candidates")
    _gig(rehearse, choruses=None)


def _jam(commands: Commands) -> None:
    jam = commands.add_parser(
        "jam", help="play live over MIDI", epilog=HANDS, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    jam.add_argument("--in", dest="input", metavar="PORT", help="MIDI input, or part of its name")
    jam.add_argument("--out", dest="output", metavar="PORT", help="MIDI output, or part of its name")
    jam.add_argument("--chart", metavar="C|none", help="a chart file, a built-in chart (blues-in-f), or none: by ear")
    jam.add_argument(
        "--tempo",
        metavar="BPM|tap|follow|clock|link",
        help="beats a minute (default: the chart's); a count-in of yours; your left hand all along; MIDI clock; or "
        "Ableton Link",
    )
    jam.add_argument(
        "--clock-out", action="store_const", const="yes", help="send MIDI clock, start and stop beside the notes"
    )
    jam.add_argument("--anywhere", action="store_const", const="yes", help="you may begin in any bar of the form")
    jam.add_argument("--trade", metavar="N|free|duet", help="bars a turn, or by ear (default 4)")
    jam.add_argument(
        "--split", metavar="PITCH", help="keys below it comp, those from there up solo: note or number (C4 is 60)"
    )
    jam.add_argument(
        "--learn",
        nargs="*",
        metavar="CONTROL",
        help="first show which of your controllers moves what; kept for this keyboard (default: all controls)",
    )
    jam.add_argument("--config", metavar="F.toml", help="settings in a file; options given here win")
    jam.add_argument("--backend", metavar="NAME", help=_BACKENDS)
    jam.add_argument(
        "--offset-ms", metavar="X", help="send everything so much later (or earlier, below 0): -200 to 200 (default 0)"
    )
    jam.add_argument("--journal", metavar="F", help="write down all that happens, for 'sideslip replay'")
    jam.add_argument("--save", metavar="OUT.mid", help="write the gig as a MIDI file when it is over")
    jam.add_argument(
        "--sent", metavar="F.jsonl", help="write down every message sent, when it was due and when it went"
    )
    _gig(jam, choruses=None, dial=None, seed=None)


def _replay(commands: Commands) -> None:
    replay = commands.add_parser("replay", help="play a journal again, exactly or with another dial")
    replay.add_argument("journal", metavar="JOURNAL")
    replay.add_argument("--outside", metavar="X", help="invent the answers anew with this dial, 0 to 1")
    replay.add_argument("--out", metavar="OUT.mid", help="where the performance goes")


def _analyze(commands: Commands) -> None:
    analyze = commands.add_parser("analyze", help="how far outside a solo goes, what it does there, how it comes home")
    analyze.add_argument("solo", metavar="SOLO.mid")
    analyze.add_argument("--chart", metavar="C", required=True, help="a chart file or the name of a built-in chart")
    analyze.add_argument("--json", action="store_true", help="figures for programs")
    analyze.add_argument("--picture", metavar="P.svg", help="draw it over the changes, outside places bracketed")


def _charts(commands: Commands) -> None:
    charts = commands.add_parser("charts", help="list the built-in charts, or show one")
    charts.add_argument("name", nargs="?", metavar="NAME")


def _ports(commands: Commands) -> None:
    ports = commands.add_parser("ports", help="list the MIDI ports of this machine")
    ports.add_argument("--json", action="store_true", help="for programs")
    ports.add_argument("--backend", metavar="NAME", help=_BACKENDS)


def _latency(commands: Commands) -> None:
    latency = commands.add_parser("latency", help="how late notes go out, and arrive, on this machine")
    latency.add_argument("--in", dest="input", metavar="PORT", help="where a cable from --out comes back")
    latency.add_argument(
        "--out", dest="output", metavar="PORT", help="MIDI output (default: one of its own, heard again)"
    )
    latency.add_argument("--backend", metavar="NAME", help=_BACKENDS)
    latency.add_argument("--seconds", metavar="N", default=10, help="how long to measure (default 10)")
    latency.add_argument("--json", action="store_true", help="figures for programs")


def _doctor(commands: Commands) -> None:
    doctor = commands.add_parser("doctor", help="is all there that playing takes, and if not, what to do")
    doctor.add_argument("--backend", metavar="NAME", help=_BACKENDS)


def _gig(command: Parser, choruses: int | None, dial: float | None = 0.4, seed: int | None = 1) -> None:
    """The options that all ways to play share; numbers are checked by the settings that take them."""
    told = choruses or "until you stop" if seed is None else choruses or "until the call is answered"
    command.add_argument("--choruses", metavar="N", default=choruses, help=f"how often the form is played ({told})")
    command.add_argument("--outside", metavar="X", default=dial, help="0 inside to 1 far out (default 0.4)")
    command.add_argument("--density", metavar="X", help="notes a beat of the answers, 0.2 to 6 (default: as it likes)")
    command.add_argument("--register", metavar="PITCH", help="middle pitch of the answers: number or note (C4 is 60)")
    command.add_argument("--style", metavar="NAME", help="style of the answers, such as bebop, or any (the default)")
    command.add_argument("--seed", metavar="N", default=seed, help="the same seed gives the same answers (default 1)")


if __name__ == "__main__":
    main()
