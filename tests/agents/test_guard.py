from agents.guard import guards


def test_guards_are_found_by_being_there():
    assert {"budget", "recipients", "trust_labels"} <= {one.name for one in guards()}
