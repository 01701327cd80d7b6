import socket
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs.connectors.mail import MailConnector
from memory.clock import WallClock
from memory.config import Mail
from memory.errors import Refused, Unavailable, Uncertain
from memory.labels import Label
from memory.records.mail_send import Address, MailSend
from tests.doubles.builders import a_mail_to, an_account
from tests.doubles.certificates import authority, certificate
from tests.doubles.oauth import TokenServer
from tests.doubles.smtp import Smtp
from tests.doubles.smtp_server import Mode
from tests.doubles.tls_front import TlsFront

KEY = "key_abcdefgh"


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Smtp]:
    with Smtp(tmp_path / "journal", delay_s=1) as one:
        yield one


class Marker:
    """Counts how often it was asked, and what the witness had seen by then."""

    def __init__(self, witness: Smtp | None = None, error: Exception | None = None) -> None:
        self.asked = 0
        self.seen: list[str] = []
        self._witness, self._error = witness, error

    async def __call__(self) -> None:
        self.asked += 1
        if self._witness is not None:
            self.seen = [one.what for one in self._witness.events]
        if self._error is not None:
            raise self._error


def at(port: int, folder: Path, **account: object) -> MailConnector:
    mail = Mail(from_address="dana@reyesstudio.example", smtp=an_account(port, **account))
    return MailConnector(mail, WallClock(), folder, answer_s=1.0)


@contextmanager
def a_server_that_says(*answers: bytes) -> Generator[int]:
    """A server that greets, and gives each further line in turn; then it hangs up."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 hello\r\n")
            in_data = False
            for answer in answers:
                while line := lines.readline():
                    if not in_data or line == b".\r\n":
                        break
                in_data = answer.startswith(b"354")
                connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        thread.join(5)
        listening.close()


async def test_the_marker_is_asked_once_after_the_body_and_before_the_dot(
    witness: Smtp, tmp_path: Path
):
    marker = Marker(witness)

    receipt = await at(witness.port, tmp_path).apply(a_mail_to(), KEY, marker)

    assert marker.asked == 1
    assert "data started" in marker.seen
    assert "dot seen" not in marker.seen
    assert receipt.outcome == "sent"
    assert [one.message_id for one in witness.sent] == [receipt.message_id]


async def test_a_marker_that_raises_lets_nothing_leave(witness: Smtp, tmp_path: Path):
    marker = Marker(error=Refused("Everything is stopped."))

    with pytest.raises(Refused, match="Everything is stopped"):
        await at(witness.port, tmp_path).apply(a_mail_to(), KEY, marker)

    assert witness.sent == ()
    assert {"dot seen", "quit"}.isdisjoint(one.what for one in witness.events)


async def test_every_attempt_at_a_mail_has_the_same_message_id(witness: Smtp, tmp_path: Path):
    connector = at(witness.port, tmp_path)

    first = await connector.apply(a_mail_to(), KEY, Marker())
    again = await connector.apply(a_mail_to(), KEY, Marker())

    assert first.message_id == again.message_id == "<key_abcdefgh@reyesstudio.example>"


async def test_a_refused_password_waits_a_quarter_of_an_hour_and_says_what_to_do(
    witness: Smtp, tmp_path: Path
):
    witness.rules.mode = Mode.REFUSE_PASSWORD
    marker = Marker()

    with pytest.raises(Unavailable) as caught:
        await at(witness.port, tmp_path, username="dana", password="old").apply(
            a_mail_to(), KEY, marker
        )

    assert caught.value.retry_after == timedelta(minutes=15)
    assert "refused the password for dana" in caught.value.sentence
    assert "Settings, Mail" in caught.value.hint
    assert marker.asked == 0


@pytest.mark.parametrize(
    ("code", "trouble"), [(550, Refused), (451, Unavailable)], ids=["for good", "for now"]
)
async def test_a_refused_recipient_is_told_in_the_servers_words(
    witness: Smtp, tmp_path: Path, code: int, trouble: type[Exception]
):
    witness.rules.refuse = {"*": code}
    marker = Marker()

    with pytest.raises(trouble, match=r"no such mailbox|try again later"):
        await at(witness.port, tmp_path).apply(a_mail_to(), KEY, marker)

    assert marker.asked == 0
    assert witness.sent == ()


async def test_one_refused_recipient_of_two_stops_the_whole_mail(witness: Smtp, tmp_path: Path):
    witness.rules.refuse = {"b@x.example": 550}
    two = a_mail_to("a@x.example")
    two = two.model_copy(update={"to": (*two.to, Address(email="b@x.example"))})

    with pytest.raises(Refused):
        await at(witness.port, tmp_path).apply(two, KEY, Marker())

    assert witness.sent == ()


OPENING = (b"250 hello\r\n", b"250 fine\r\n", b"250 fine\r\n", b"354 go\r\n")


@pytest.mark.parametrize(
    ("answers", "trouble", "asked"),
    [
        ((b"421 busy\r\n", b"421 busy\r\n"), Unavailable, 0),
        ((b"250 hello\r\n", b"451 later\r\n"), Unavailable, 0),
        ((b"250 hello\r\n", b"550 never\r\n"), Refused, 0),
        ((b"250 hello\r\n", b"250 fine\r\n", b"250 fine\r\n", b"452 full\r\n"), Unavailable, 0),
        ((b"250 hello\r\n", b"250 fine\r\n", b"250 fine\r\n", b"554 no\r\n"), Refused, 0),
        ((*OPENING, b"452 full\r\n"), Unavailable, 1),
        ((*OPENING, b"554 spam\r\n"), Refused, 1),
        (OPENING, Uncertain, 1),
        ((*OPENING, b"25"), Uncertain, 1),
        ((*OPENING, b"what was that\r\n"), Uncertain, 1),
        ((*OPENING, b"250 " + b"x" * 9000 + b"\r\n"), Uncertain, 1),
    ],
    ids=[
        "no greeting",
        "sender, later",
        "sender, never",
        "data, later",
        "data, never",
        "after the dot, later",
        "after the dot, never",
        "hung up after the dot",
        "half an answer after the dot",
        "nonsense after the dot",
        "an endless answer after the dot",
    ],
)
async def test_what_a_server_may_answer_at_each_step(
    tmp_path: Path, answers: tuple[bytes, ...], trouble: type[Exception], asked: int
):
    marker = Marker()

    with a_server_that_says(*answers) as port, pytest.raises(trouble):
        await at(port, tmp_path).apply(a_mail_to(), KEY, marker)

    assert marker.asked == asked


@pytest.mark.parametrize(
    ("mode", "trouble"),
    [
        (Mode.REFUSE_MESSAGE, Refused),
        (Mode.ACCEPT_THEN_DROP, Uncertain),
        (Mode.DROP_AT_DOT, Uncertain),
    ],
)
async def test_how_a_mail_may_end_after_its_dot(
    witness: Smtp, tmp_path: Path, mode: Mode, trouble: type[Exception]
):
    witness.rules.mode = mode

    with pytest.raises(trouble):
        await at(witness.port, tmp_path).apply(a_mail_to(), KEY, Marker())


async def test_an_answer_that_takes_too_long_is_a_doubt(witness: Smtp, tmp_path: Path):
    witness.rules.mode = Mode.DELAY
    mail = Mail(from_address="dana@reyesstudio.example", smtp=an_account(witness.port))
    connector = MailConnector(mail, WallClock(), tmp_path, answer_s=0.2)

    with pytest.raises(Uncertain):
        await connector.apply(a_mail_to(), KEY, Marker())


async def test_a_server_that_is_not_there_is_tried_again(tmp_path: Path):
    with Smtp(tmp_path / "journal", mode=Mode.DEAD) as nobody, pytest.raises(Unavailable):
        await at(nobody.port, tmp_path).apply(a_mail_to(), KEY, Marker())


async def test_a_server_without_encryption_is_not_used_when_encryption_is_asked_for(
    witness: Smtp, tmp_path: Path
):
    marker = Marker()

    with pytest.raises(Unavailable):
        await at(witness.port, tmp_path, security="starttls").apply(a_mail_to(), KEY, marker)

    assert marker.asked == 0


HARD_TEXTS = [
    "." * 3 + "\n.\n..\nHi\n.",
    "a" * 5000 + "\nshort",
    "Grüße aus Köln, 私の名前, 😀\nÉcole",
    "one\r\ntwo\rthree\n\n\nfour",
    "trailing space \n\ttab\nFrom here on it is quoted\n> mark",
    "= =3D =\n=\nsoft=",
]


@pytest.mark.parametrize("body", HARD_TEXTS)
async def test_the_text_arrives_as_it_was_approved(witness: Smtp, tmp_path: Path, body: str):
    await at(witness.port, tmp_path).apply(a_mail_to(body=body), KEY, Marker())

    assert witness.sent[0].body == body.replace("\r\n", "\n").replace("\r", "\n") + "\n"


@pytest.mark.parametrize("body", HARD_TEXTS)
async def test_the_wire_holds_short_plain_lines_whatever_the_text(
    witness: Smtp, tmp_path: Path, body: str
):
    await at(witness.port, tmp_path).apply(a_mail_to(body=body), KEY, Marker())

    raw = witness.sent[0].raw
    lines = raw.split(b"\r\n")
    assert raw.isascii()
    assert max(len(line) for line in lines) <= 998
    assert not any(b"\n" in line or b"\r" in line for line in lines)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", "Hello\r\nBcc: thief@evil.example"),
        ("subject", "Hello\nBcc: thief@evil.example\n\nnew body"),
        ("name", "Marta\r\nBcc: thief@evil.example"),
        ("signed", "Dana\nBcc: thief@evil.example"),
        ("in_reply_to", "<a@b>\r\nBcc: thief@evil.example"),
        ("references", ("<a@b>\r\nBcc: thief@evil.example",)),
        ("subject", "Hello\u2028Bcc: thief@evil.example"),
        ("name", 'Marta", thief@evil.example, "'),
    ],
)
async def test_nothing_in_a_mail_can_add_a_header_or_a_recipient(
    witness: Smtp, tmp_path: Path, field: str, value: object
):
    fields: dict[str, Any] = {"in_reply_to": "<ok@x>", field: value}

    await at(witness.port, tmp_path).apply(a_mail_to(**fields), KEY, Marker())

    sent = witness.sent[0]
    assert sent.to == ("marta@bluefincafe.example",)
    names = {name.lower() for name, _ in sent.headers}
    assert "bcc" not in names
    assert "thief" not in str(sent.header("references"))
    parsed = message_from_bytes(sent.raw, policy=policy.default)
    assert [one.addr_spec for one in parsed["to"].addresses] == ["marta@bluefincafe.example"]


@pytest.mark.parametrize(
    "name", ["Müller, Jörg", 'Ann "Bee" Cee', "李小龍", "Ünal (Istanbul) <x>", "A" * 200]
)
async def test_a_name_arrives_as_it_is_however_it_is_written(
    witness: Smtp, tmp_path: Path, name: str
):
    await at(witness.port, tmp_path).apply(a_mail_to(name=name), KEY, Marker())

    parsed = message_from_bytes(witness.sent[0].raw, policy=policy.default)
    assert parsed["to"].addresses[0].display_name == name


@pytest.mark.parametrize("email", ["jörg@firm.example", "info@köln.example", "用户@例子.example"])
async def test_an_address_in_other_letters_is_refused_with_a_sentence(
    witness: Smtp, tmp_path: Path, email: str
):
    with pytest.raises(Refused, match="plain alphabet") as caught:
        await at(witness.port, tmp_path).apply(a_mail_to(email), KEY, Marker())

    assert caught.value.hint != ""
    assert witness.events == ()


@pytest.mark.parametrize("email", ["a..b@x.example", "a@b@c.example", '"@x.example'])
async def test_what_is_no_address_is_refused_before_anything_is_opened(
    witness: Smtp, tmp_path: Path, email: str
):
    odd = Address.model_construct(email=email, name=None, label=Label.OWNER, known=False)
    effect = a_mail_to().model_copy(update={"to": (odd,)})

    with pytest.raises(Refused, match="not a mail address"):
        await at(witness.port, tmp_path).apply(effect, KEY, Marker())

    assert witness.events == ()


async def test_an_answer_stands_in_the_thread_of_what_it_answers(witness: Smtp, tmp_path: Path):
    effect = a_mail_to(in_reply_to="<2@x>", references=("<1@x>", "<2@x>", "no id"))

    await at(witness.port, tmp_path).apply(effect, KEY, Marker())

    assert witness.sent[0].header("in-reply-to") == "<2@x>"
    assert witness.sent[0].header("references") == "<1@x> <2@x>"


async def test_without_an_account_the_mail_is_written_and_nothing_leaves(
    witness: Smtp, tmp_path: Path
):
    marker = Marker()
    connector = MailConnector(Mail(), WallClock(), tmp_path / "mail")

    receipt = await connector.apply(a_mail_to(from_address=""), KEY, marker)

    assert (receipt.outcome, receipt.path, marker.asked) == ("written", f"mail/{KEY}.eml", 1)
    assert b"one-page site" in (tmp_path / "mail" / f"{KEY}.eml").read_bytes()
    assert witness.events == ()


async def test_a_written_mail_is_its_own_evidence_and_a_sent_one_has_none(tmp_path: Path):
    connector = MailConnector(Mail(), WallClock(), tmp_path / "mail")
    written = a_mail_to(from_address="")

    before = await connector.find(written, KEY)
    await connector.apply(written, KEY, Marker())
    after = await connector.find(written, KEY)

    assert before is None
    assert after is not None
    assert await connector.find(a_mail_to(), KEY) is None


def with_tokens(port: int, folder: Path, oauth: dict[str, object]) -> MailConnector:
    account = an_account(port, username="dana", auth="xoauth2")
    mail = Mail.model_validate(
        {"from_address": "dana@reyesstudio.example", "oauth": oauth, "smtp": account}
    )
    return MailConnector(mail, WallClock(), folder, answer_s=1.0)


async def test_a_server_that_takes_no_password_takes_a_fetched_token(witness: Smtp, tmp_path: Path):
    witness.rules.username, witness.rules.token = "dana", "token-1"
    with TokenServer() as provider:
        connector = with_tokens(witness.port, tmp_path, provider.settings)

        receipt = await connector.apply(a_mail_to(), KEY, Marker())

    assert receipt.outcome == "sent"
    assert len(witness.sent) == 1


async def test_a_refused_token_waits_and_says_what_to_do_and_is_fetched_anew(
    witness: Smtp, tmp_path: Path
):
    witness.rules.username, witness.rules.token = "dana", "token-2"
    marker = Marker()
    with TokenServer() as provider:
        connector = with_tokens(witness.port, tmp_path, provider.settings)
        with pytest.raises(Unavailable) as caught:
            await connector.apply(a_mail_to(), KEY, marker)
        await connector.apply(a_mail_to(), KEY, Marker())

    assert caught.value.sentence == "Your mail server refused the access token for dana."
    assert "[mail.oauth]" in caught.value.hint
    assert caught.value.retry_after == timedelta(minutes=15)
    assert marker.asked == 0
    assert len(witness.sent) == 1


async def test_a_permission_that_was_withdrawn_is_told_and_nothing_leaves(
    witness: Smtp, tmp_path: Path
):
    marker = Marker()
    with TokenServer() as provider:
        provider.withdrawn = True
        with pytest.raises(Unavailable, match="no longer lets me fetch"):
            await with_tokens(witness.port, tmp_path, provider.settings).apply(
                a_mail_to(), KEY, marker
            )

    assert marker.asked == 0
    assert witness.events == ()


async def test_a_server_with_a_strange_certificate_is_told_nothing(
    witness: Smtp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority(tmp_path / "ca")))
    witness.rules.username, witness.rules.password = "dana", "secret"
    with TlsFront(witness.port, certificate(tmp_path / "ca", "expired")) as front:
        connector = at(
            front.port, tmp_path, host="localhost", security="tls", username="dana", password="x"
        )
        with pytest.raises(Unavailable) as caught:
            await connector.apply(a_mail_to(), KEY, Marker())

    assert caught.value.sentence == (
        "Your mail server localhost shows a certificate that has expired, so I told it nothing."
    )
    assert caught.value.hint.endswith("nothing was sent.")
    assert not any(one.what.startswith("refused") for one in witness.events)


async def test_a_mail_whose_account_is_gone_is_refused(tmp_path: Path):
    connector = MailConnector(Mail(), WallClock(), tmp_path)

    with pytest.raises(Refused, match="no longer set up"):
        await connector.apply(a_mail_to(), KEY, Marker())


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=300)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject=TEXTS, body=TEXTS, name=TEXTS)
async def test_whatever_is_in_it_a_mail_goes_to_its_recipient_and_says_its_text(
    tmp_path: Path, subject: str, body: str, name: str
):
    connector = MailConnector(Mail(), WallClock(), tmp_path / "mail")
    effect: MailSend = a_mail_to(from_address="", subject=subject, body=body, name=name)

    await connector.apply(effect, KEY, Marker())

    raw = (tmp_path / "mail" / f"{KEY}.eml").read_bytes()
    parsed = message_from_bytes(raw, policy=policy.default)
    text = parsed.get_body(("plain",))
    assert text is not None
    expected = body.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    assert str(text.get_content()).replace("\r\n", "\n") == expected
    assert [one.addr_spec for one in parsed["to"].addresses] == ["marta@bluefincafe.example"]
    assert parsed["bcc"] is None
