"""Group: a named list of people."""

from memory.records.group import Group


def test_a_group_is_known_by_its_name_and_shows_its_size():
    group = Group(name="Newsletter", members=("contact_1", "contact_2"))

    assert (group.key(), group.title()) == ("newsletter", "Newsletter (2)")
