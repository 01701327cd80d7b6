"""Whether code stays linear: measured in processor time, against itself, never against a clock."""

from collections.abc import Callable
from time import process_time

_DOUBLINGS = 2
_QUADRATIC = 10.0
"""Four times the input costs a linear reader about 4 times as much, a quadratic one 16 times."""
_NOTICEABLE_S = 0.3
"""Below so much processor time even the long input is nobody's trouble."""


def grows_too_fast(work: Callable[[int], object], size: int) -> bool:
    """Whether `work` costs far more than in proportion for an input of `size` than for a quarter.

    Args:
        work: Does the work for an input of so many characters.
        size: The long input's number of characters.
    """
    long = min(_cost(work, size) for _ in range(2))
    if long < _NOTICEABLE_S:
        return False
    short = min(_cost(work, size // 2**_DOUBLINGS) for _ in range(2))
    return long > short * _QUADRATIC


def _cost(work: Callable[[int], object], size: int) -> float:
    began = process_time()
    work(size)
    return process_time() - began
