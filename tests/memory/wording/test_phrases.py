import pytest

from memory.wording.phrases import Grammar, Rule, word_set

COLOURS = {"red": 1, "blue": 2}


def of(*rules: Rule[None], other: tuple[Rule[None], ...] = ()) -> Grammar[None]:
    tables = {"phrase": rules, "other": other} if other else {"phrase": rules}
    return Grammar(rules=tables, words={"colour": COLOURS}, readers={})


def read(grammar: Grammar[None], text: str) -> list[object]:
    reading = grammar.reading(grammar.cut(text, None))
    return [value for _, value in reading.read("phrase", 0)]


def test_a_pattern_matches_its_words_in_any_case():
    assert read(of(("good|fine day", lambda _: "yes")), "Fine DAY") == ["yes"]


def test_a_word_with_a_question_mark_may_be_missing():
    grammar = of(("the? end", lambda _: "yes"))

    assert read(grammar, "the end") == read(grammar, "end") == ["yes"]


def test_a_slot_holds_the_value_of_its_word():
    assert read(of(("paint it {colour}", lambda h: h.number("colour"))), "paint it blue") == [2]


def test_a_slot_can_hold_another_phrase_under_its_own_name():
    grammar = of(
        ("from {first:other}", lambda h: h.take("first", str)),
        other=(("here", lambda _: "this place"),),
    )

    assert read(grammar, "from here") == ["this place"]


def test_of_two_rules_for_the_same_words_the_upper_one_wins():
    assert read(of(("hello", lambda _: 1), ("hello", lambda _: 2)), "hello") == [1]


def test_a_rule_that_makes_no_sense_here_leaves_the_words_to_the_next():
    assert read(of(("hello", lambda _: None), ("hello", lambda _: 2)), "hello") == [2]


def test_every_way_to_read_a_phrase_is_found():
    grammar = of(("red", lambda _: "short"), ("red blue", lambda _: "long"))
    reading = grammar.reading(grammar.cut("red blue", None))

    assert reading.longest("phrase", 0) == (2, "long")
    assert len(reading.read("phrase", 0)) == 2


def test_a_phrase_that_begins_with_itself_is_refused():
    with pytest.raises(ValueError, match="cannot begin with itself"):
        of(("{phrase} again", lambda _: 1))


def test_a_slot_of_the_wrong_kind_is_a_mistake_in_the_table():
    with pytest.raises(TypeError, match="colour"):
        read(of(("{colour}", lambda h: h.take("colour", str))), "red")


def test_tokens_know_where_they_stand():
    text = "Ring Jo’s at 9am"
    tokens = of(("x", lambda _: 1)).cut(text, None).tokens

    assert [text[each.start : each.end] for each in tokens] == ["Ring", "Jo’s", "at", "9", "am"]
    assert [each.glued for each in tokens] == [False, False, False, False, True]


def test_a_word_set_is_the_words_of_a_text():
    assert word_set("a b a") == {"a", "b"}
