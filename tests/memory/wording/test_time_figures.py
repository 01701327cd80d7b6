import pytest

from tests.memory.wording.said import all_of, time


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("9am", "2026-03-11T09:00"),
        ("11 a.m.", "2026-03-10T11:00"),
        ("3:30pm", "2026-03-10T15:30"),
        ("8.30 pm", "2026-03-10T20:30"),
        ("15:00", "2026-03-10T15:00"),
        ("15h30", "2026-03-10T15:30"),
        ("at 15h", "2026-03-10T15:00"),
        ("at 0930", "2026-03-10T09:30"),
        ("at 1730 hrs", "2026-03-10T17:30"),
        ("1140 a.m.", "2026-03-10T11:40"),
        ("23:59:30", "2026-03-10T23:59"),
        ("12am", "2026-03-11T00:00"),
        ("12pm", "2026-03-10T12:00"),
        ("00:30", "2026-03-11T00:30"),
        ("3:30", "2026-03-10T15:30"),
        ("03:30", "2026-03-11T03:30"),
        ("10:15", "2026-03-10T10:15"),
    ],
)
def test_times_in_figures(text: str, meant: str):
    assert time(text) == meant


@pytest.mark.parametrize(
    "text", ["25:00", "12:75", "3:1", "4a", "A4", "at 13:99", "ratio 16:9:2", "1:1 meeting"]
)
def test_figures_that_no_clock_shows_are_no_times(text: str):
    assert all_of(text) == ()
