"""The measure itself: a quadratic reader is caught, a linear one is not."""

from tests.doubles.linear import grows_too_fast


def test_a_quadratic_worker_grows_too_fast():
    assert grows_too_fast(lambda size: [None for _ in range(size) for _ in range(size)], 6000)


def test_a_linear_worker_does_not():
    assert not grows_too_fast(lambda size: [hash(one) for one in range(size)], 6_000_000)
