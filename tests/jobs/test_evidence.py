"""Evidence: what is in doubt is looked for, and only what proves something settles it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cards import render
from jobs import claims, evidence
from jobs.connectors.mail import MailConnector
from memory import tables
from memory.config import Imap, Mail
from memory.ledger import entries
from memory.records.action import FROM_A_COPY, Action, State
from memory.records.decision import Verb
from tests.doubles.builders import Desk, a_config, a_desk, a_mail_to, an_account
from tests.doubles.imap import DOVECOT, Dovecot
from tests.doubles.imap import Imap as Pymap
from tests.doubles.smtp import Smtp
from tests.house.words import assert_plain

MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def server():
    """The owner's mail folders, on a real server."""
    with (Dovecot if DOVECOT.exists() else Pymap)() as one:
        yield one


@pytest.fixture(autouse=True)
def swept(server: Pymap):
    """An empty Sent folder for every test."""
    yield
    server.recreate("Sent")


def folders(server: Pymap, *, filed_by: str = "server", **settings: object) -> Imap:
    return Imap.model_validate(
        {
            "host": server.host, "port": server.port, "username": server.username,
            "password": server.password, "security": "none", "sent_filed_by": filed_by, **settings,
        }
    )  # fmt: skip


@pytest.fixture
async def witness(tmp_path: Path) -> AsyncIterator[Smtp]:
    async with Smtp(tmp_path / "witness") as one:
        yield one


def a_desk_with(data: Path, witness: Smtp, imap: Imap | None):
    account = an_account(witness.port)
    mail = Mail(from_address="dana@reyesstudio.example", smtp=account, imap=imap)
    return a_desk(data, a_config(smtp=account).model_copy(update={"mail": mail}))


async def in_doubt(desk: Desk) -> Action:
    """A mail whose worker died after its last check; nobody knows more."""
    action = await desk.approved()

    async def work(connection) -> None:
        taken = await claims.claim_action(connection, desk.company, action.id, 1, "wrk_dead")
        assert taken is not None
        await claims.mark(connection, desk.company, taken)

    await desk.company.store.write(work)
    await desk.look()
    return await desk.action(action)


async def pass_time(desk: Desk, by: timedelta) -> None:
    await desk.pass_time(by)
    await evidence.settle(desk.company, desk.connectors)


async def sent_bytes(desk: Desk, action: Action) -> bytes:
    connector = desk.connectors["mail.send"]
    assert isinstance(connector, MailConnector)
    return connector._wire(a_mail_to(), action.key)


async def words(desk: Desk) -> str:
    shown = await desk.card()
    card = render(shown, zone=desk.company.zone, data=desk.company.data, stopped=False)
    said = "\n".join((card.state, *(one.label for one in card.buttons)))
    assert_plain(said, quoted=["Re: Landing page for our spring menu"])
    return said


async def test_a_mail_that_lies_in_sent_is_done_at_once(
    tmp_path: Path, witness: Smtp, server: Pymap
):
    async with a_desk_with(tmp_path / "data", witness, folders(server)) as desk:
        action = await desk.approved()
        server.deliver("Sent", await sent_bytes(desk, action))

        async def work(connection) -> None:
            taken = await claims.claim_action(connection, desk.company, action.id, 1, "wrk_dead")
            assert taken is not None
            await claims.mark(connection, desk.company, taken)

        await desk.company.store.write(work)
        await desk.look()

        done = await desk.action(action)
        assert done.state is State.DONE
        assert done.receipt is not None
        assert done.receipt.answer == "found in Sent"
        assert done.receipt.message_id == f"<{action.key}@reyesstudio.example>"


@pytest.mark.parametrize("filed_by", ["server", "nobody"])
async def test_a_mail_that_comes_to_sent_later_settles_the_doubt(
    tmp_path: Path, witness: Smtp, server: Pymap, filed_by: str
):
    imap = folders(server, filed_by=filed_by)
    async with a_desk_with(tmp_path / "data", witness, imap) as desk:
        action = await in_doubt(desk)
        assert action.state is State.UNKNOWN
        server.deliver("Sent", await sent_bytes(desk, action), seen=True)

        await pass_time(desk, MINUTE)

        done = await desk.action(action)
        async with desk.company.store.read() as connection:
            last = (await entries(connection, action.id))[-1]
        assert (done.state, last.event, last.actor) == (State.DONE, "action_done", "evidence")
        assert last.at >= desk.now - MINUTE
        assert server.flags("Sent").popitem()[1] == frozenset({"\\Seen"})


async def test_an_id_that_a_relay_has_rewritten_is_no_obstacle(
    tmp_path: Path, witness: Smtp, server: Pymap
):
    async with a_desk_with(tmp_path / "data", witness, folders(server)) as desk:
        action = await in_doubt(desk)
        raw = await sent_bytes(desk, action)
        server.deliver("Sent", raw.replace(f"<{action.key}@reyesstudio".encode(), b"<0101@relay"))

        await pass_time(desk, MINUTE)

        assert await desk.state(action) is State.DONE


async def test_other_mails_in_sent_prove_nothing(tmp_path: Path, witness: Smtp, server: Pymap):
    async with a_desk_with(tmp_path / "data", witness, folders(server)) as desk:
        action = await in_doubt(desk)
        raw = await sent_bytes(desk, action)
        server.deliver("Sent", raw.replace(action.key.encode(), b"key_another"))
        server.deliver("Sent", raw.replace(action.key.encode(), action.key.encode() + b"x"))

        await pass_time(desk, MINUTE)

        assert await desk.state(action) is State.UNKNOWN


async def test_absence_proves_something_after_ten_minutes_where_the_server_files(
    tmp_path: Path, witness: Smtp, server: Pymap
):
    async with a_desk_with(tmp_path / "data", witness, folders(server)) as desk:
        action = await in_doubt(desk)

        await pass_time(desk, 2 * MINUTE)
        early = await desk.state(action)
        await pass_time(desk, 7 * MINUTE)
        nearly = await desk.state(action)
        await pass_time(desk, MINUTE)
        late = await desk.state(action)

        assert (early, nearly, late) == (State.UNKNOWN, State.UNKNOWN, State.FAILED)
        assert await words(desk) == (
            "Not sent. I looked: it never left. It is not in Sent at 09:10, where it would be.\n"
            "Try again\nCopy text\nWhy?"
        )
        outcome = await desk.press(await desk.card(), Verb.RETRY)
        assert outcome.accepted, outcome.text
        await desk.act()
        assert len(witness.sent) == 1
        assert (await desk.action(action)).key == action.key
        assert await desk.is_ledger_true()


@pytest.mark.parametrize(
    "settings",
    [{"filed_by": "nobody"}, {"sent_folder": "Gesendet"}, {"port": 1}, {"password": "wrong"}],
    ids=["nobody files", "no such folder", "nobody answers", "not let in"],
)
async def test_otherwise_doubt_stays_a_card(
    tmp_path: Path, witness: Smtp, server: Pymap, settings: dict[str, Any]
):
    async with a_desk_with(tmp_path / "data", witness, folders(server, **settings)) as desk:
        action = await in_doubt(desk)

        for _ in range(3):
            await pass_time(desk, 20 * MINUTE)

        assert await desk.state(action) is State.UNKNOWN
        assert await words(desk) == (
            "The power went at 09:00 while I was sending to Marta Silva. I can't tell if it left, "
            "so I won't send it again by myself.\n"
            'Please look in Sent for "Re: Landing page for our spring menu".\n'
            "It was sent\nSend again\nCancel"
        )


async def test_without_a_mailbox_nobody_looks(tmp_path: Path, witness: Smtp):
    async with a_desk_with(tmp_path / "data", witness, None) as desk:
        action = await in_doubt(desk)

        await pass_time(desk, 30 * MINUTE)

        assert await desk.state(action) is State.UNKNOWN


async def test_after_two_days_it_is_the_owners_alone(tmp_path: Path, witness: Smtp, server: Pymap):
    imap = folders(server, filed_by="nobody")
    async with a_desk_with(tmp_path / "data", witness, imap) as desk:
        action = await in_doubt(desk)

        await pass_time(desk, timedelta(days=3))

        assert (await desk.action(action)).due_at is None


async def test_what_a_copy_does_not_know_is_never_proved_absent(
    tmp_path: Path, witness: Smtp, server: Pymap
):
    async with a_desk_with(tmp_path / "data", witness, folders(server)) as desk:
        action = await in_doubt(desk)
        await desk.change(tables.action, action.id, trouble=f"{FROM_A_COPY} of Monday.")

        await pass_time(desk, 30 * MINUTE)

        assert await desk.state(action) is State.UNKNOWN


async def test_what_the_owner_has_settled_meanwhile_stays(
    tmp_path: Path, witness: Smtp, server: Pymap
):
    async with a_desk_with(tmp_path / "data", witness, folders(server)) as desk:
        action = await in_doubt(desk)
        await desk.press(await desk.card(), Verb.SENT)

        await pass_time(desk, 30 * MINUTE)

        done = await desk.action(action)
        assert done.receipt is not None
        assert done.receipt.outcome == "owner_sent"
