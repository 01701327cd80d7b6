"""Visibility: a look is seen when it has size, colour and a background it stands out from."""

from agents.readers.visibility import Look, sheet_of, within


def test_black_on_white_is_seen():
    assert Look().is_seen


def test_visibility_can_be_given_back_and_display_none_cannot():
    veiled = within(Look(), "div", {"style": "visibility:hidden"}, {})
    removed = within(Look(), "div", {"style": "display:none"}, {})

    assert within(veiled, "p", {"style": "visibility:visible"}, {}).is_seen
    assert not within(removed, "p", {"style": "display:block"}, {}).is_seen


def test_a_font_size_in_shares_counts_from_the_one_around():
    around = within(Look(), "div", {"style": "font-size:20px"}, {})

    assert within(around, "p", {"style": "font-size:0.01em"}, {}).font_px == 0.2
    assert within(around, "p", {"style": "font-size:50%"}, {}).font_px == 10


def test_only_simple_selectors_become_rules():
    sheet = sheet_of("p.a{color:red} div p{display:none} @import 'x'; #b , .c{opacity:0}")

    assert sorted(sheet) == ["#b", ".c", "p.a"]
