import pytest

from jobs.material import gather
from memory.errors import NotFound
from memory.labels import Label
from tests.doubles.builders import Desk, a_letter, a_source


async def test_typed_words_are_the_owners(desk: Desk):
    source = a_source("note: paper")
    await desk.tell(source)

    async with desk.company.store.read() as connection:
        material = await gather(desk.company, connection, source)

    assert material.letter is None
    assert material.source.label is Label.OWNER
    assert str(material.heard.now.tzinfo) == "Europe/Lisbon"


async def test_a_mail_is_peeled_and_no_longer_the_owners_word(desk: Desk):
    source = desk.envelope(a_letter())
    await desk.tell(source)

    async with desk.company.store.read() as connection:
        material = await gather(desk.company, connection, source)

    assert material.letter is not None
    assert material.heard.letter is material.letter
    assert material.source.label is Label.EXTERNAL


async def test_what_is_gone_is_said_to_be_gone(desk: Desk):
    source = desk.envelope(a_letter())
    (gone,) = source.files
    lost = source.model_copy(update={"files": (gone.model_copy(update={"digest": "0" * 64}),)})

    async with desk.company.store.read() as connection:
        with pytest.raises(NotFound):
            await gather(desk.company, connection, lost)
