"""What may be asked of a phrase, as classes: how far outside, how dense, how high, in which style.

The last class of every wish says that nothing is asked; then the model plays as it likes.
"""

from collections.abc import Sequence

import numpy as np

from sideslip.music.dialogue import STYLES, Wish
from sideslip.music.meter import TICKS
from sideslip.propose.ground import FAR, Ints

OUTSIDE = (0.02, 0.06, 0.12, 0.28, 0.5)
"""G of the classes of outsideness: what the dial at 0, .25, .5, .75 and beyond .9 stands for."""

OUTSIDE_FLOOR = 0.03
"""Outsideness is compared by log(G + this)."""

DENSITY = (0.8, 1.2, 1.6, 2.1, 3.0)
"""Notes a beat of the classes of density, from the first onset to the end of the last note."""

SPARSEST = 0.01
"""Notes a beat: densities are compared by their logarithms, from here on."""

REGISTER = (54, 60, 66, 72, 78)
"""Middle MIDI pitch of the classes of register."""

WISHES = {
    "outside": len(OUTSIDE) + 1,
    "density": len(DENSITY) + 1,
    "register": len(REGISTER) + 1,
    "style": len(STYLES) + 1,
}
"""Columns of a wish and their sizes."""

FREE = np.array([size - 1 for size in WISHES.values()])
"""The row of a wish for nothing."""

LONGEST_TURN = 32
"""Beats left of a turn that are told apart."""

LEFT = LONGEST_TURN + 2
"""Classes of what is left of a turn: 0 .. LONGEST_TURN beats; the last: its end is not known."""


def wish_row(wish: Wish) -> Ints:
    """The classes of a wish, (4,)."""
    row = FREE.copy()
    if wish.outside is not None:
        row[0] = outside_class(wish.outside)
    if wish.density is not None:
        row[1] = nearest_centre(np.log(DENSITY), float(np.log(max(wish.density, SPARSEST))))
    if wish.register is not None:
        row[2] = nearest_centre(REGISTER, wish.register)
    if wish.style is not None:
        row[3] = style_class(wish.style)
    return row


def style_class(style: str) -> int:
    """The class of a style, that of no wish for names that are not known."""
    return STYLES.index(style) if style in STYLES else len(STYLES)


def outside_class(outside: float) -> int:
    """The class of outsideness G."""
    return nearest_centre(np.log(np.array(OUTSIDE) + OUTSIDE_FLOOR), float(np.log(outside + OUTSIDE_FLOOR)))


def nearest_centre(centres: Sequence[float] | np.ndarray, value: float) -> int:
    """The index of the nearest of some values."""
    return int(np.argmin(np.abs(np.asarray(centres) - value)))


def beats_left(ends: Ints, ticks: Ints) -> Ints:
    """Classes of what is left of turns that end at `ends` (FAR: not known) seen from `ticks`, any shape."""
    left = np.clip((ends - ticks) // TICKS, 0, LONGEST_TURN)
    found: Ints = np.where(ends >= FAR, LEFT - 1, left)
    return found
