import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from agents.specialists.payments import recognise
from memory.labels import Label
from memory.records.contact import Contact
from memory.records.customer import Customer
from memory.records.decision import Verb
from memory.records.intent import Intent
from memory.records.invoice import Invoice
from memory.records.money import Money
from memory.records.payment import Payment
from tests.doubles.builders import Desk, a_letter, a_source, heard

NORTHWIND = Customer(name="Northwind Labs", domain="northwind.example")
TOM = Contact(name="Tom Becker", email="tom@northwind.example", customer=NORTHWIND.record_id())
HARBOR = Customer(name="Harbor Yoga")
numbers = itertools.count(1)


def a_bill(number: str, amount: str, customer: Customer = NORTHWIND, **fields) -> Invoice:
    return Invoice(
        number=number, customer=customer.record_id(), total=Money.of(amount, "EUR"), **fields
    )


@pytest.fixture
async def books(desk: Desk) -> Desk:
    await desk.keep(NORTHWIND, TOM, HARBOR, a_bill("INV-014", "2400"))
    return desk


async def provider_tells(desk: Desk, amount: str = "2400.00 EUR", **slots: str) -> None:
    told = {"id": f"payments pay_{next(numbers)}", "amount": amount, **slots}
    source = a_source("", label=Label.KNOWN_SENDER, channel="hooks")
    await desk.hear(source, Intent(kind="payment.record", slots=told))


async def bill(desk: Desk, number: str = "INV-014") -> Invoice:
    found = [one for one in await desk.records("invoice") if one.title() == number]
    assert isinstance(found[0], Invoice)
    return found[0]


async def payments(desk: Desk) -> list[Payment]:
    return [one for one in await desk.records("payment") if isinstance(one, Payment)]


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        (
            "Northwind paid 2,400 today",
            {"customer": "Northwind", "amount": "2400.00 EUR", "date": "2026-03-10"},
        ),
        ("Harbor paid INV-014 in full", {"customer": "Harbor", "invoice": "INV-014"}),
        ("northwind finally paid!! all of it", {"customer": "northwind"}),
        ("linnet cafe paid 315", {"customer": "linnet cafe", "amount": "315.00 EUR"}),
        (
            "dovetail paid half of 204",
            {"customer": "dovetail", "invoice": "204", "share": "half"},
        ),
        (
            "received 410 EUR from Jo Lee yesterday",
            {"customer": "Jo Lee", "amount": "410.00 EUR", "date": "2026-03-09"},
        ),
        ("invoice 88 was paid on Friday", {"invoice": "88", "date": "2026-03-06"}),
        (
            "hotel paid 0330 in full today",
            {"customer": "hotel", "invoice": "0330", "date": "2026-03-10"},
        ),
    ],
)
def test_payments_as_owners_tell_them(text: str, slots: dict[str, str]):
    (intent,) = recognise(heard(text))

    assert (intent.kind, intent.slots) == ("payment.record", slots)
    assert intent.confidence >= 0.75


@pytest.mark.parametrize(
    "text",
    [
        "I paid 35 EUR for hosting",
        "we've paid the rent",
        "she paid",
        "Northwind has not paid",
        "has Northwind paid?",
        "remind me when Northwind paid",
        "I got 3 mails from Tom",
        "who paid INV-014",
    ],
)
def test_what_is_no_payment_or_says_not_who_is_left_alone(text: str):
    assert not any(
        one.confidence >= 0.75 and "amount" in one.slots for one in recognise(heard(text))
    )
    assert all("customer" in one.slots for one in recognise(heard(text)))


def test_a_letter_that_says_it_paid_proves_nothing():
    assert recognise(heard("", letter=a_letter("Northwind paid 2,400 today"))) == ()


def test_who_goes_on_to_something_else_is_not_cut_short():
    (intent,) = recognise(heard("anna paid the 340, write her a thank you"))

    assert intent.confidence < 0.75


async def test_a_payment_with_the_bills_number_settles_it(books: Desk):
    await provider_tells(
        books, invoice="inv 014", customer="Northwind Labs", paid_at="2026-03-10T08:12:00+00:00"
    )

    paid = await bill(books)
    (payment,) = await payments(books)
    assert (paid.state, paid.paid_at) == ("paid", datetime(2026, 3, 10, 8, 12, tzinfo=UTC))
    assert payment.invoice == paid.record_id()
    assert payment.customer == NORTHWIND.record_id()
    assert await books.texts() == ["2,400 EUR came in from Northwind Labs. INV-014 is paid."]
    assert not (await books.cards())[0].notice.rings


async def test_undo_opens_the_bill_again(books: Desk):
    await provider_tells(books, invoice="INV-014")
    (card,) = await books.cards()

    await books.press(card, Verb.UNDO)

    assert (await bill(books)).state == "open"
    assert await payments(books) == []


@pytest.mark.parametrize(
    "slots",
    [
        {"reference": "Invoice INV-014, thank you"},
        {"reference": "INV014"},
        {"customer": "NORTHWIND LABS LDA"},
        {"customer": "Tom Becker"},
    ],
    ids=["reference", "reference without a dash", "longer name", "contact"],
)
async def test_a_bill_is_found_by_what_the_payer_wrote_or_who_it_was(books: Desk, slots):
    await provider_tells(books, **slots)

    assert (await bill(books)).state == "paid"


@pytest.mark.parametrize(
    ("amount", "slots"),
    [
        ("410.00 EUR", {"customer": "Jo Lee"}),
        ("410.00 EUR", {"customer": "Northwind Labs"}),
        ("2400.00 USD", {"invoice": "INV-014"}),
        ("2400.00 EUR", {}),
        ("2400.00 EUR", {"customer": "Harbor Yoga"}),
    ],
    ids=["stranger", "another amount", "another currency", "amount alone", "another customer"],
)
async def test_a_payment_that_fits_no_bill_is_filed_and_said_quietly(books: Desk, amount, slots):
    await provider_tells(books, amount, **slots)

    assert (await bill(books)).state == "open"
    assert len(await payments(books)) == 1
    (line,) = await books.texts()
    assert line.endswith("; I know no open invoice for it.")
    assert not (await books.cards())[0].notice.rings


async def test_a_part_leaves_the_rest_open_and_the_rest_settles_it(books: Desk):
    await provider_tells(books, "1000.00 EUR", invoice="INV-014")
    first = (await bill(books)).state
    await provider_tells(books, "1400.00 EUR", invoice="INV-014")

    assert (first, (await bill(books)).state) == ("open", "paid")
    assert await books.texts() == [
        "1,000 EUR came in from Northwind Labs for INV-014; 1,400 EUR is still open.",
        "1,400 EUR came in from Northwind Labs. INV-014 is paid.",
    ]


async def test_two_parts_that_come_at_once_are_both_counted(books: Desk):
    for amount in ("1000.00 EUR", "1400.00 EUR"):
        told = {"id": f"payments {amount}", "amount": amount, "invoice": "INV-014"}
        source = a_source("", label=Label.KNOWN_SENDER, channel="hooks")
        await books.tell(source, Intent(kind="payment.record", slots=told))
    for _ in range(12):
        # one step of each in turn, as two workers would
        for one in await books.due():
            if one.task == "consider":
                await books.tasks.consider(one.id)
        await books.pass_time(timedelta(seconds=30))

    paid = await bill(books)
    assert (paid.state, str(paid.paid)) == ("paid", "2400.00 EUR")
    assert len(await payments(books)) == 2


async def test_too_much_is_said(books: Desk):
    await provider_tells(books, "2450.00 EUR", invoice="INV-014")

    assert (await books.texts())[0].endswith("INV-014 is paid, with 50 EUR too much.")


async def test_the_same_payment_told_twice_counts_once(books: Desk):
    await provider_tells(books, "1000.00 EUR", id="payments pay_x", invoice="INV-014")
    await provider_tells(books, "1000.00 EUR", id="payments pay_x", invoice="INV-014")

    assert len(await payments(books)) == 1
    assert len(await books.texts()) == 1


async def test_the_same_payment_with_another_amount_is_put_before_the_owner(books: Desk):
    await provider_tells(books, "1000.00 EUR", id="payments pay_y", invoice="INV-014")
    await provider_tells(books, "900.00 EUR", id="payments pay_y", invoice="INV-014")

    assert (await books.texts())[-1].startswith("A payment of 1,000 EUR came again, as 900 EUR.")
    assert len(await payments(books)) == 1


async def test_the_owners_word_settles_the_customers_only_bill(books: Desk):
    await books.hear("Northwind paid today")

    assert (await bill(books)).state == "paid"
    assert await books.texts() == ["2,400 EUR came in from Northwind Labs. INV-014 is paid."]


async def test_half_of_a_bill_is_half_of_it(books: Desk):
    await books.hear("northwind paid half of INV-014")

    (payment,) = await payments(books)
    assert str(payment.amount) == "1200.00 EUR"
    assert (await bill(books)).state == "open"


async def test_what_the_owner_told_and_the_provider_tells_is_one_payment(books: Desk):
    await books.hear("Northwind paid 2,400 today")
    await provider_tells(books, id="payments pay_z", invoice="INV-014")
    await provider_tells(books, id="payments pay_z", invoice="INV-014")

    (payment,) = await payments(books)
    assert payment.confirmed_by == "payments pay_z"
    assert (await books.texts())[1:] == ["2,400 EUR for INV-014 is in, as you told me."]


async def test_what_the_provider_told_and_the_owner_tells_changes_nothing(books: Desk):
    await provider_tells(books, invoice="INV-014")
    await books.hear("Northwind paid 2,400 today")

    assert len(await payments(books)) == 1
    assert "INV-014 was paid already" in (await books.texts())[-1]


async def test_two_open_bills_are_a_question_with_both(books: Desk):
    await books.keep(a_bill("INV-020", "600", due=date(2026, 4, 1)))
    await books.hear("Northwind paid")

    (asked,) = await books.cards()
    assert asked.notice.question is not None
    assert [one.label for one in asked.notice.question.choices] == [
        "INV-014, 2,400 EUR",
        "INV-020, 600 EUR",
    ]
    await books.press(asked, Verb.CHOOSE, choice=1)
    await books.think()
    assert [(await bill(books, one)).state for one in ("INV-014", "INV-020")] == ["open", "paid"]


async def test_an_amount_that_nobody_said_is_asked_for(books: Desk):
    await books.hear("Jo Lee paid today")

    (asked,) = await books.cards()
    assert asked.notice.text.startswith("How much did Jo Lee pay?")
    await books.press(asked, Verb.EDIT, text="410")
    await books.think()

    (payment,) = await payments(books)
    assert str(payment.amount) == "410.00 EUR"
