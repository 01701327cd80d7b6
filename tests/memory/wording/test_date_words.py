from zoneinfo import ZoneInfo

from memory.wording import date_words, holidays


def test_every_zone_of_the_tables_exists():
    names = {*date_words.ZONES.values(), *date_words.CITY_ZONES.values()}

    assert {ZoneInfo(name).key for name in names} == names


def test_every_word_is_lower_case_because_texts_are_compared_so():
    tables = (
        date_words.WEEKDAYS,
        date_words.MONTHS,
        date_words.UNITS,
        date_words.DAYWORDS,
        date_words.PARTS,
        holidays.HOLIDAYS,
        date_words.ZONES,
        date_words.WHICH,
    )

    assert [word for table in tables for word in table if word != word.lower()] == []


def test_every_part_of_the_day_has_hours_and_a_name():
    parts = {*date_words.PARTS.values(), *date_words.TONIGHT.values(), *date_words.HINTS.values()}

    assert parts <= date_words.PART_HOURS.keys() == date_words.PART_NAMES.keys()
