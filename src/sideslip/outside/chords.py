"""How foreign each degree is to a chord's quality, as an array, and how often inside playing has it."""

import numpy as np

from sideslip.music import tension

BASE = np.array(tension.BASE, dtype=np.float64)
"""(10, 12): `tension.BASE` for whole lines at once; the last row is "no chord"."""

DECAY = 3.0
"""Inside playing has degrees about as often as exp(-DECAY b) says."""
