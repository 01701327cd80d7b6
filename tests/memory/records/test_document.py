from memory.records.document import Document


def test_the_name_is_what_makes_it_itself():
    old = Document(name="Spring opening note", text="We are open.")
    new = Document(name="spring opening note", text="We are open again.")

    assert old.record_id() == new.record_id()
    assert old.title() == "Spring opening note"
    assert "open." in old.words()
