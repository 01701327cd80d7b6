"""Points are drawn evenly over what ran, and the same seed draws the same."""

import random

import pytest

from tests.faultkit.points import STRATA, Counts, Point, draw, shares

COUNTS: Counts = {
    (stratum.name, step): [("jobs/claims.py", "mark", line, line) for line in range(1, 21)]
    for stratum in STRATA
    for step in stratum.steps
}


def test_three_hundred_points_are_divided_as_promised():
    assert shares(300) == {
        "send": 105,
        "claim": 10,
        "ingest": 50,
        "consider": 50,
        "decide": 20,
        "redis killed": 50,
        "redis emptied": 15,
    }


def test_a_small_number_still_reaches_every_part():
    assert all(number > 0 for number in shares(7).values())


def test_no_line_comes_twice_before_every_line_came_once():
    drawn = draw(COUNTS, {"send": 40}, random.Random(1))

    lines = [one.line for one in drawn]
    assert sorted(lines) == sorted([*range(1, 21), *range(1, 21)])


def test_the_same_seed_draws_the_same_points():
    first = draw(COUNTS, shares(60), random.Random(7))

    assert draw(COUNTS, shares(60), random.Random(7)) == first


def test_a_line_in_a_loop_is_tried_in_its_first_rounds():
    drawn = draw(COUNTS, {"send": 200}, random.Random(1))

    assert {one.hit for one in drawn} == {1, 2, 3}


def test_the_parts_alternate():
    drawn = draw(COUNTS, {"send": 10, "ingest": 10}, random.Random(1))

    assert {one.stratum for one in drawn[:2]} == {"send", "ingest"}


def test_a_part_whose_lines_never_ran_is_an_error():
    with pytest.raises(LookupError, match="does STRATA still name"):
        draw({("ingest", "say"): []}, {"ingest": 1}, random.Random(1))


def test_a_point_survives_being_written_down():
    point = draw(COUNTS, {"send": 1}, random.Random(1))[0]

    assert Point.of(point.text()) == point
