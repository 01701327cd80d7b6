"""One block and one message of each sort, laid out as they were sent; what is not known raises."""

import pytest

from tests.doubles.slack_blocks import Json
from tests.doubles.slack_workspace import BOT, BOT_USER, File, Message, Workspace
from tests.doubles.telegram_account import wall_time
from tests.shots.slack_page import blocks, slack_page
from tests.shots.story import ZONE

AT = 1_773_145_800


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def message(number: int, **fields: object) -> Message:
    return Message(ts=f"{AT + number}.000100", **{"user": BOT_USER, "bot_id": BOT, **fields})  # pyright: ignore[reportArgumentType]


@pytest.fixture
def workspace() -> Workspace:
    made = Workspace(wall_time)
    made.join("U111", "Dana Reyes")
    return made


def page(workspace: Workspace, *messages: Message) -> str:
    return slack_page(workspace, messages, ZONE).partition("<body")[2]


def test_each_block_is_shown_as_it_was_sent():
    words = [{"type": "text", "text": "Hi <Marta>"}]
    button = {"type": "button", "action_id": "a", "text": plain("Approve"), "value": "t"}

    shown = blocks(
        [
            {"type": "header", "text": plain("Reply to Marta")},
            {"type": "section", "text": plain("Re: a site")},
            {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": words}]},
            {"type": "divider"},
            {"type": "context", "elements": [plain("Undo is free.")]},
            {"type": "actions", "elements": [button | {"style": "primary"}, button]},
        ]
    )

    assert shown == (
        '<div class="header">Reply to Marta</div><div class="text">Re: a site</div>'
        '<blockquote>Hi &lt;Marta&gt;</blockquote><div class="divider"> </div>'
        '<div class="context"><div>Undo is free.</div></div>'
        '<div class="keys"><span class="key primary whole">Approve</span>'
        '<span class="key whole">Approve</span></div>'
    )


@pytest.mark.parametrize(
    "block",
    [
        {"type": "image", "image_url": "x"},
        {"type": "section", "text": {"type": "mrkdwn", "text": "*bold*"}},
        {"type": "section", "text": plain("x"), "accessory": {}},
        {"type": "actions", "elements": [{"type": "overflow"}]},
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "user"}]}],
        },
    ],
    ids=["a picture", "markup", "something beside", "a menu", "a mention"],
)
def test_a_block_that_is_not_known_raises(block: Json):
    with pytest.raises(LookupError):
        blocks([block])


def test_who_wrote_what_came_of_it_and_who_alone_sees_it(workspace: Workspace):
    mail = File("F1", "mail.eml", "message/rfc822", b"x" * 480)
    shown = page(
        workspace,
        message(1, user="U111", bot_id="", files=[mail], reactions=["ok_hand"]),
        message(2, source="Sent &lt;09:01&gt;", edits=1),
        message(3, source="in the thread", thread_ts=f"{AT + 2}.000100"),
        message(4, source="Already approved.", only_for="U111"),
    )

    for words in (
        "<b>Dana Reyes</b>",
        "mail.eml",
        "<span>👌 1</span>",
        "Sent &lt;09:01&gt;",
        "(edited)",
        '<div class="thread">1 reply</div>',
        "Only visible to you",
    ):
        assert words in shown
    assert "in the thread" not in shown


def test_a_reaction_or_an_attachment_that_is_not_known_raises(workspace: Workspace):
    for fields in ({"reactions": ["tada"]}, {"attachments": [{"text": "shared"}]}):
        with pytest.raises(LookupError):
            page(workspace, message(1, source="x", **fields))
