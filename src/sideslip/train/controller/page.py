"""The figures as a page to read, with the picture beside it."""

from collections.abc import Iterator, Mapping
from typing import Any

from sideslip.train.controller.goals import GOALS, reach
from sideslip.train.controller.table import short

HEAD = """# The controller: does it go out, and does it come home?

Written by `scripts/evaluate_controller.py` on {data}, seed {seed}; the same solos, models and seed give the
same page. Intervals are 95 %, from drawing solos again.
"""

PICTURE = """
![How far out phrases go, and how well they come home]({picture})

{contexts} turns of four bars in {context_solos} solos, each after what the soloist had played, filled by the controller
at five dials and by others at equal candidates (32 phrases a turn). A phrase comes home as one idea if every outside
span is followed within two beats by a step onto a chord tone, inside again; if it ends inside; and if as a line it
surprises no more than nine in ten real phrases do (M up to {one_idea_bits:.2f} bits a note). Noise does not pass for
that: of the real phrases {whole:.0%} come home, spoilt by four wrong notes {wrong:.0%}. Real players are shown phrase
by phrase, as people marked them, in bands of G; bands around lines are 95 % intervals.

"""

EQUAL = """
## At equal outsideness

How far the controller's phrases exceed others that go out as far: band by band of G, weighted by how many phrases both
have there; "out" are those with G from .2 on. M, joint surprise and bits should not be higher. Players are measured
phrase by phrase, and by the turns that they really played in those places, which are as long but cut where they end.

| than | resolved | resolved, out | landed, out | M, out | joint, out | proposer's bits, out |
|---|---|---|---|---|---|---|
"""

ASKED = """
## What is asked

| figure | must be | aim | measured | |
|---|---|---|---|---|
"""

GAPS = """
The proposer's bits of chosen phrases minus those of the real turns in the same places, dial by dial; a phrase that goes
out farther than what was played there may surprise more:

"""

FILLED = """
## Each way to fill a turn

| way | G | resolved | landed | resolvability | last note a chord tone | M | joint | proposer's bits | like the call |
|---|---|---|---|---|---|---|---|---|---|
"""

NOTES = """
`resolved` is to come home as one idea, as above; `landed` the share of outside spans after which a chord tone is
reached by step, which the controller does not go by. G, `resolvability` (how runs of chromatic notes are left, how much
at home the end is) and `joint` surprise it does go by: there a good figure is obedience. M is the surprise of the line
with the chords unheard; `joint` counts notes that surprise as melody and as harmony at once; the proposer's bits are
its own word for each interval, nothing wished for. Temperatures and top-p draw one phrase of the model, nothing wished
for; `wish alone` one at temperature 1, asked for the outsideness of the dial; `likelihood alone` takes the likeliest of
32 free phrases; `random choice` is by chance among the controller's own ideas at each dial. Without devices it chooses
among 32 phrases of the model. Real turns are what was really played in those places, cut where the turn ends.
"""

NOTICE = """
Where the solos are those of the Weimar Jazz Database: Contains information from the Weimar Jazz Database, which is made
available here under the Open Database License (ODbL).
"""

RIVALS = (
    "temperature",
    "top-p",
    "random_choice",
    "controller_without_devices",
    "controller_without_critic",
    "players",
    "real_turns",
)

EQUALS = (
    "resolved_over_{}",
    *(f"{column}_over_{{}}_out" for column in ("resolved", "landed", "melody", "joint", "bits")),
)

COLUMNS = ("outside", "resolved", "landed", "resolvability", "last_chord_tone", "melody", "joint", "bits", "similarity")

WITH_INTERVAL = ("outside", "resolved", "melody")


def page(found: Mapping[str, Any], picture: str) -> str:
    """The page, from the figures of the groups that were measured; `picture` is the name of a picture beside it."""
    parts = [HEAD.format(data=" and ".join(f"`{name}`" for name in found["data"]), seed=found["seed"])]
    if "ways" in found:
        wrong, whole = (
            means["resolved"]["value"] for means in (found["spoilt"]["four wrong notes"], found["real_phrases_all"])
        )
        parts += [PICTURE.format(**found, picture=picture, wrong=wrong, whole=whole), *verdict(found)]
        parts += [EQUAL, *(_row(rival.replace("_", " "), *_equal(found, rival)) for rival in RIVALS)]
    parts += [ASKED, *_asked(found)]
    if "dial_bits_gap_at" in found:
        gaps = found["dial_bits_gap_at"]
        parts += [GAPS, _row("dial", *gaps), _row(*["---"] * (1 + len(gaps)))]
        parts.append(_row("bits a note", *(short(gap, 2) for gap in gaps.values())))
    if "ways" in found:
        parts += [FILLED, *_filled(found), NOTES]
    return "".join((*parts, NOTICE))


def verdict(found: Mapping[str, Any]) -> Iterator[str]:
    """What the comparison comes to, in words."""
    for rival, words in (("temperature", "sampled hotter or cooler"), ("players", "of real players")):
        for suffix, where in (("", "At equal outsideness"), ("_out", "Out (G from .2 on)")):
            figure = found[f"resolved_over_{rival}{suffix}"]
            yield f"- {where}, its phrases come home {_said(figure)} than those {words}.\n"


def _said(figure: Mapping[str, float] | None) -> str:
    """Which way a difference of shares goes, as far as its interval tells."""
    if figure is None:
        return "neither more nor less often, for all these solos tell,"
    value, low, high = figure["value"], figure["ci_low"], figure["ci_high"]
    interval = f"({value:+.0%} [{low:+.0%}, {high:+.0%}])"
    if low > 0:
        return f"more often {interval}"
    return f"less often {interval}" if high < 0 else f"no more and no less often that could be told {interval}"


def _equal(found: Mapping[str, Any], rival: str) -> Iterator[str]:
    return (short(found.get(name.format(rival)), 2) for name in EQUALS)


def _asked(found: Mapping[str, Any]) -> Iterator[str]:
    for name, goal in GOALS.items():
        if name in found:
            verdict = goal.verdict(found[name]).replace("MISSED", "**missed**")
            yield _row(goal.words, goal.wanted, goal.aimed, short(found[name]), verdict)


def _filled(found: Mapping[str, Any]) -> Iterator[str]:
    for way, settings in found["ways"].items():
        for setting, means in settings.items():
            yield _row(f"{way} {setting}" if len(settings) > 1 else way, *_means(means))
    yield _row("real turns", *_means(found["real_turns"]))
    yield _row("real phrases", *_means(found["real_phrases_all"]))
    yield _row("real phrases, G > .3", *_means(found["real_phrases_outside"]))
    for name, means in found["spoilt"].items():
        yield _row(f"real phrases, {name}", *_means(means))


def _means(means: Mapping[str, Any]) -> Iterator[str]:
    for column in COLUMNS:
        ends, figure = reach(means.get(column)), means.get(column)
        yield (short(figure, 2) if column in WITH_INTERVAL else f"{ends[0]:.2f}") if ends else ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"
