"""Recall: what the company knows is found, by those who may read it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory import recall
from memory.errors import Refused
from memory.recall import View
from memory.records.change import Change
from memory.records.contact import Contact
from memory.records.note import Note
from tests.memory.given import NOW, a_company, an_hourly_rate, apply, days, file

TOM = Contact(name="Tom Becker", email="tom@northwind.example")
PRINTER = Note(text="The printer needs a new drum", origin="src_1")
DRUMS = Note(text="Drums for the drumming class, three drums", origin="src_2")


async def test_words_are_found_in_every_form_best_first(data: Path):
    async with a_company(data) as company:
        printer = await file(company, PRINTER)
        drums = await file(company, DRUMS)
        async with company.store.read() as connection:
            assert await recall.search(connection, "Printers?") == (printer,)
            assert await recall.search(connection, "drum") == (drums, printer)
            assert await recall.search(connection, "drum", limit=1) == (drums,)


async def test_accents_make_no_difference(data: Path):
    async with a_company(data) as company:
        kept = await file(company, Note(text="Café bill", origin="src_1"))
        async with company.store.read() as connection:
            assert await recall.search(connection, "cafe") == (kept,)


async def test_only_the_present_words_are_found(data: Path):
    async with a_company(data) as company:
        first = await file(company, PRINTER)
        await file(company, PRINTER.changed(text="Scanner"), was=first)
        async with company.store.read() as connection:
            assert await recall.search(connection, "printer") == ()
            assert len(await recall.search(connection, "scanner")) == 1


@settings(max_examples=8)
@given(questions=st.lists(st.text(max_size=30), max_size=20))
async def test_no_question_is_a_syntax_error(questions: list[str], migrated: Path):
    async with a_company(migrated.parent) as company, company.store.read() as connection:
        for words in ('" OR NEAR( * ^', "a:b -c", *questions):
            assert await recall.search(connection, words) == ()


async def test_a_run_reads_only_the_kinds_it_declared(data: Path):
    async with a_company(data) as company:
        note = await file(company, PRINTER)
        await file(company, TOM)
        async with company.store.read() as connection:
            view = View(connection, ("note",))

            assert await view.every("note") == (note,)
            assert await view.search("printer becker") == (note,)
            with pytest.raises(Refused, match="does not declare that it reads contact"):
                await view.every("contact")
            with pytest.raises(Refused):
                await view.of(TOM)
            with pytest.raises(Refused):
                await view.version(TOM)
            with pytest.raises(Refused):
                await view.by_key("contact", TOM.key())


async def test_a_record_is_found_by_what_it_would_be(data: Path):
    async with a_company(data) as company:
        kept = await file(company, TOM)
        async with company.store.read() as connection:
            view = View(connection, ("contact",))

            assert await view.of(TOM.changed(name="T. Becker")) == kept
            assert await view.by_key("contact", "tom@northwind.example") == kept
            assert await view.by_key("contact", "nobody@x.example") is None


async def test_what_was_taken_back_stands_no_longer_but_has_a_version(data: Path):
    change = Change.to(TOM)
    async with a_company(data) as company:
        await apply(company, change)
        await apply(company, change.inverse())
        async with company.store.read() as connection:
            view = View(connection, ("contact",))
            gone = await view.version(TOM)

            assert await view.of(TOM) is None
            assert gone is not None
            assert (gone.version, gone.data) == (2, None)


async def test_a_run_may_ask_what_is_true_at_a_moment(data: Path):
    async with a_company(data) as company:
        await file(company, an_hourly_rate("85"), valid_from=NOW + days(2))
        async with company.store.read() as connection:
            view = View(connection, ("rate",))

            assert await view.every("rate", at=NOW) == ()
            assert len(await view.every("rate", at=NOW + days(3))) == 1
