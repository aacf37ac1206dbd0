"""Arithmetic on one thread, settled before numpy is imported; this module imports nothing that is."""

from collections.abc import Mapping

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""What the libraries under numpy read when they are loaded: OpenBLAS, OpenMP, Intel's and Apple's.

Matrices as small as ours only lose by waiting for a second thread, and on one machine one thread always adds up in the
same order.
"""


def on_one_thread(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment that asks for one thread wherever the user has not asked for something else."""
    return dict.fromkeys(ONE_THREAD, "1") | dict(environment)
