from babel.numbers import list_currencies

from memory.wording import money_words


def test_every_currency_of_the_tables_is_one():
    codes = {
        *money_words.SIGNS.values(),
        *money_words.NAMES.values(),
        *money_words.LETTERED_SIGNS.values(),
        *(usual for _, usual in money_words.FAMILIES.values()),
        *(code for members, _ in money_words.FAMILIES.values() for code in members),
        *(code for code in money_words.CENTS.values() if code),
        *(code.upper() for code in money_words.EVERYDAY_CODES),
        *money_words.DOT_GROUPS,
        *money_words.CENTLESS,
    }

    assert codes - set(list_currencies()) == set()


def test_the_usual_currency_of_a_word_is_one_of_its_family():
    assert [
        word for word, (members, usual) in money_words.FAMILIES.items() if usual not in members
    ] == []
