"""Every state of every card, as the owner reads it."""

# ruff: noqa: E501 - whole texts, as the owner reads them

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from inline_snapshot import snapshot

from bot.adapter import Card
from bot.cards import render
from memory.records.action import Action, State
from memory.records.calendar_add import CalendarAdd
from memory.records.change import Change
from memory.records.effect import Effect
from memory.records.file_records import FileRecords
from memory.records.intent import Intent
from memory.records.mail_send import Address, MailSend
from memory.records.notice import Notice, Shown
from memory.records.proposal import Choice, Question
from memory.records.receipt import Receipt
from tests.house.words import assert_plain

LISBON = ZoneInfo("Europe/Lisbon")
NOW = datetime(2026, 3, 10, 10, 42, 30, tzinfo=UTC)
"""A Tuesday, 10:42:30 in Lisbon."""
MARTA = Address(email="marta@bluefincafe.example", name="Marta Silva")
REPLY = MailSend(
    to=(MARTA,),
    subject="Re: Landing page for our spring menu",
    body="Hi Marta, thank you for writing. A one-page site is 1,200 EUR. Dana",
    from_address="dana@reyesstudio.example",
    in_reply_to="<bf-1001@bluefincafe.example>",
    answers=True,
    signed="Dana",
)
WRITTEN = REPLY.model_copy(update={"from_address": ""})
LUNCH = CalendarAdd(
    what="Lunch with Anna",
    start=datetime(2026, 3, 13, 13, 0, tzinfo=LISBON),
    end=datetime(2026, 3, 13, 14, 0, tzinfo=LISBON),
    zone="Europe/Lisbon",
    entry="entry-1",
)
TASK = Change(record="rec_t", kind="task", key="send quote", title="Send quote", data={"what": "x"})
CUSTOMER = Change(
    record="rec_c", kind="customer", key="b", title="Bluefin Cafe", data={"name": "x"}
)
SENT = Receipt(outcome="sent", at=NOW, message_id="<k@reyesstudio.example>", answer="250 OK")


def an_action(effect: Effect = REPLY, state: State = State.AWAITING, **fields: object) -> Action:
    action = Action(
        id="act_1", revision=1, source="src_1", run="run_1", agent="replies@1",
        heading="Reply to Marta Silva, Bluefin Cafe", effect=effect, then=(),
        rationale="she asks for a quote by Friday; 1,200 EUR is your price since 2 March",
        path="rules", cost_micro=0, state=state, version=2, digest="d", key="k", compensates=None,
        created_at=NOW, expires_at=None, hold_until=None, due_at=None, late_since=None,
        approved_by=None, approved_at=None, fence=0, attempts=0, trouble="", receipt=None,
    )  # fmt: skip
    return action.model_copy(update=fields)


def shown(
    action: Action | None,
    text: str = "",
    *,
    at: datetime = NOW,
    stopped: bool = False,
    latest: int | None = None,
    question: Question | None = None,
    answered: str = "",
    again: bool = False,
) -> Card:
    notice = Notice(
        id="note_1",
        kind="card",
        text=text,
        question=question,
        answered=answered,
        created_at=at,
    )
    newest = latest if latest is not None else action.revision if action else 0
    found = Shown(notice=notice, action=action, latest=newest, again=again)
    return render(found, zone=LISBON, data=Path("/company"), stopped=stopped)


def face(card: Card) -> str:
    """All that the owner sees of it, in words that everyone knows."""
    labels = " ".join(f"[{one.label}]" for one in card.buttons)
    seen = f"{card.text}\n{labels}" if labels else card.text
    assert_plain(seen)
    return seen


def facts_of(effect: Effect) -> list[str]:
    return [line for line in shown(an_action(effect)).text.splitlines() if "arta" in line]


def test_a_reply_to_a_new_address_waits_for_a_word():
    assert face(shown(an_action())) == snapshot("""\
Reply to Marta Silva, Bluefin Cafe
Marta Silva <marta@bluefincafe.example>
New: first mail to this address
Re: Landing page for our spring menu
"Hi Marta, thank you for writing. A one-page site is 1,200 EUR. Dana"
Why: she asks for a quote by Friday; 1,200 EUR is your price since 2 March.
Undo is free for 60 s, then I can only send a correction. Cost: nothing.
[Approve] [Edit] [No] [Why?]\
""")


def test_a_known_address_needs_no_remark():
    known = REPLY.model_copy(update={"to": (MARTA.model_copy(update={"known": True}),)})

    assert facts_of(known)[1:2] == ["Marta Silva <marta@bluefincafe.example>"]
    assert "first mail" not in shown(an_action(known)).text


def test_without_a_mail_account_only_the_text_is_approved():
    assert face(shown(an_action(WRITTEN))) == snapshot("""\
Reply to Marta Silva, Bluefin Cafe
Marta Silva <marta@bluefincafe.example>
New: first mail to this address
Re: Landing page for our spring menu
"Hi Marta, thank you for writing. A one-page site is 1,200 EUR. Dana"
Why: she asks for a quote by Friday; 1,200 EUR is your price since 2 March.
Nothing leaves: I have no mail account yet, so I only write it. Cost: nothing.
[Approve text] [Edit] [No] [Why?]\
""")


def test_a_long_name_stands_below_its_address_and_nothing_is_cut():
    long = Address(
        email="maria.fernanda@a-rather-long-name-of-a-company.example",
        name="Maria Fernanda de Albuquerque e Castro",
    )
    lines = shown(an_action(REPLY.model_copy(update={"to": (long,)}))).text.splitlines()

    assert lines[1:4] == snapshot(
        [
            "maria.fernanda@a-rather-long-name-of-a-company.example",
            "Name: Maria Fernanda de Albuquerque e Castro",
            "New: first mail to this address",
        ]
    )


def test_each_of_several_people_has_a_line():
    tom = Address(email="tom@northwind.example", name="Tom Becker", known=True)
    card = shown(an_action(REPLY.model_copy(update={"to": (MARTA, tom)})))

    assert card.text.splitlines()[1:4] == snapshot(
        [
            "Marta Silva <marta@bluefincafe.example>",
            "New: first mail to this address",
            "Tom Becker <tom@northwind.example>",
        ]
    )


def test_the_facts_of_a_normal_card_fit_a_phone():
    card = shown(an_action())
    addresses = [value for label, value in card.facts if label in ("To", "New", "Subject")]

    assert [value for value in addresses if len(value) > 40] == []


def test_a_forward_that_lost_the_thread_says_so():
    lost = REPLY.model_copy(update={"in_reply_to": None})

    assert "New thread: the forward lost the original's." in shown(an_action(lost)).text


def test_a_question_that_the_draft_leaves_open_is_told():
    open_one = REPLY.model_copy(update={"left_open": ("Do you also print menus?",)})

    assert "Not answered: Do you also print menus?" in shown(an_action(open_one)).text


def test_an_edited_text_says_whose_it_is():
    card = shown(an_action(revision=2), "Your text, as you wrote it.")

    assert card.says.startswith("Your text, as you wrote it.\nWhy: she asks")


@pytest.mark.parametrize(
    ("hold_s", "words"),
    [
        (60, "Undo is free for 60 s, then I can only send a correction. Cost: nothing."),
        (5400, "Undo is free for 1 h 30 min, then I can only send a correction. Cost: nothing."),
        (300, "Undo is free for 5 min, then I can only send a correction. Cost: nothing."),
        (7200, "Undo is free for 2 h, then I can only send a correction. Cost: nothing."),
        (0, "Once it has left, I can only send a correction. Cost: nothing."),
    ],
)
def test_the_foot_says_how_long_undo_is_free(hold_s: int, words: str):
    assert shown(an_action(REPLY.model_copy(update={"hold_s": hold_s}))).foot == words


@pytest.mark.parametrize(
    ("micro", "words"),
    [(0, "nothing"), (4_000, "0.4 cents"), (500, "less than 0.1 cents"), (122_000, "12.2 cents")],
)
def test_the_foot_says_what_it_cost(micro: int, words: str):
    assert shown(an_action(cost_micro=micro)).foot.endswith(f"Cost: {words}.")


def test_a_held_mail_says_when_it_leaves():
    held = an_action(state=State.HELD, hold_until=NOW)

    assert face(shown(held)) == snapshot("""\
Reply to Marta Silva, Bluefin Cafe
Marta Silva <marta@bluefincafe.example>
New: first mail to this address
Re: Landing page for our spring menu
"Hi Marta, thank you for writing. A one-page site is 1,200 EUR. Dana"
Why: she asks for a quote by Friday; 1,200 EUR is your price since 2 March.
Leaves at 10:42:30.
[Undo]\
""")


@pytest.mark.parametrize("state", [State.APPROVED, State.READY, State.CLAIMED])
def test_until_it_leaves_it_looks_the_same(state: State):
    assert shown(an_action(state=state, hold_until=NOW)).state == "Leaves at 10:42:30."


def test_what_only_stays_in_the_house_does_not_leave():
    assert shown(an_action(WRITTEN, State.HELD, hold_until=NOW)).state == "Writing it."
    assert shown(an_action(LUNCH, State.READY)).state == "Writing it."


def test_when_everything_is_stopped_it_waits():
    card = shown(an_action(state=State.HELD, hold_until=NOW), stopped=True)

    assert face(card).splitlines()[-2:] == snapshot(
        ["Everything is stopped. This waits; nothing was sent.", "[Undo]"]
    )


def test_a_mail_that_is_leaving_cannot_be_pressed_any_more():
    card = shown(an_action(state=State.COMMITTING))

    assert face(card).splitlines()[-2:] == ["Leaving now.", "[Why?]"]


def test_a_refused_password_says_what_to_do_next():
    card = shown(
        an_action(
            state=State.RETRY_WAIT,
            trouble="Your mail server refused the password for dana@reyesstudio.example.",
            hint="Usually the app password was changed. Put the new one into config.toml under "
            "[mail.smtp], then press Try again.",
        )
    )

    assert f"{card.state}\n{face(card).splitlines()[-1]}" == snapshot("""\
Your mail server refused the password for dana@reyesstudio.example. Usually the app password was changed.
The mail to Marta Silva waits; nothing was sent.
[Try again] [How to fix] [Copy text] [Undo]\
""")


def test_what_rings_of_trouble_does_not_repeat_the_card_above_it():
    trouble = "The disk is full."

    assert face(shown(an_action(state=State.RETRY_WAIT, trouble=trouble), again=True)) == snapshot("""\
Reply to Marta Silva, Bluefin Cafe
The disk is full.
The mail to Marta Silva waits; nothing was sent.
[Try again] [Copy text] [Undo]\
""")
    assert face(shown(an_action(state=State.DONE), again=True)).count("\n") == 1
    assert "Hi Marta" in face(shown(an_action(state=State.CANCELLED), again=True))


def test_a_server_that_cannot_be_reached_is_tried_again():
    card = shown(
        an_action(
            state=State.RETRY_WAIT,
            trouble="I can't reach your mail server mail.example.",
            hint="I try again by myself; nothing was sent.",
        )
    )

    assert card.state == snapshot("""\
I can't reach your mail server mail.example. I try again by myself; nothing was sent.
The mail to Marta Silva waits.\
""")


def test_without_a_known_way_out_there_is_no_button_for_it():
    card = shown(an_action(state=State.RETRY_WAIT, trouble="The disk is full."))

    assert [one.label for one in card.buttons] == ["Try again", "Copy text", "Undo"]


def test_a_doubt_is_put_before_the_owner():
    card = shown(
        an_action(
            state=State.UNKNOWN, hold_until=NOW, trouble="The power went while I was sending."
        )
    )

    assert f"{card.state}\n{face(card).splitlines()[-1]}" == snapshot("""\
The power went at 10:42 while I was sending to Marta Silva. I can't tell if it left, so I won't send it again by myself.
Please look in Sent for "Re: Landing page for our spring menu".
[It was sent] [Send again] [Cancel]\
""")


def test_a_broken_connection_is_not_called_a_power_cut():
    broken = an_action(state=State.UNKNOWN, hold_until=NOW, trouble="The connection broke.")

    assert shown(broken).state.startswith("The connection broke at 10:42 while")


def test_a_sent_mail_says_what_it_has_closed():
    assert face(shown(an_action(state=State.DONE, receipt=SENT, then=(TASK,)))) == snapshot("""\
Reply to Marta Silva, Bluefin Cafe
Marta Silva <marta@bluefincafe.example>
New: first mail to this address
Re: Landing page for our spring menu
"Hi Marta, thank you for writing. A one-page site is 1,200 EUR. Dana"
Why: she asks for a quote by Friday; 1,200 EUR is your price since 2 March.
Sent 10:42. Your mail server took it. "Send quote" is done.
[Undo] [Why?]\
""")


def test_a_written_mail_is_not_called_sent():
    written = Receipt(outcome="written", at=NOW, path="mail/k.eml")

    assert face(shown(an_action(WRITTEN, State.DONE, receipt=written))) == snapshot("""\
Reply to Marta Silva, Bluefin Cafe
Marta Silva <marta@bluefincafe.example>
New: first mail to this address
Re: Landing page for our spring menu
Why: she asks for a quote by Friday; 1,200 EUR is your price since 2 March.
Written, not sent: I have no mail account yet, so nothing left the house. The text is below, tap to copy.
Hi Marta, thank you for writing. A one-page site is 1,200 EUR. Dana
[Connect mail] [I sent it myself] [Undo] [Why?]\
""")


def test_a_mail_that_the_owner_sent_is_noted_as_such():
    by_hand = Receipt(outcome="owner_sent", at=NOW)
    card = shown(an_action(WRITTEN, State.DONE, receipt=by_hand, then=(TASK,)))

    assert face(card).splitlines()[-2:] == snapshot(
        ['Sent by you, noted 10:42. "Send quote" is done.', "[Undo] [Why?]"]
    )


def test_a_mail_that_was_taken_back_in_time_can_still_go():
    card = shown(an_action(state=State.CANCELLED))

    assert face(card).splitlines()[-2:] == [
        "Taken back. Nothing left.",
        "[Edit] [Send after all]",
    ]
    assert card.invites == "Write the new text"


def test_what_was_taken_back_too_late_points_at_its_correction():
    card = shown(an_action(state=State.COMPENSATING, receipt=SENT))

    assert face(card).splitlines()[-2:] == snapshot(
        ["Sent 10:42. You took it back; a correction waits for you below.", "[Why?]"]
    )


def test_a_correction_tells_what_happened_and_asks():
    correction = REPLY.undo(SENT, LISBON)
    action = an_action(
        correction,
        compensates="act_0",
        heading="Correction: Reply to Marta Silva, Bluefin Cafe",
        rationale="You took back what left at 10:42; it can't be called back.",
    )
    text = (
        'That mail left at 10:42; I can\'t call it back. "Send quote" is open again. '
        "Shall I send this instead?"
    )

    assert face(shown(action, text)) == snapshot("""\
Correction to Marta Silva
Marta Silva <marta@bluefincafe.example>
Re: Landing page for our spring menu
"Hi Marta,

please disregard my mail of 10:42; a correction follows.

Dana"
That mail left at 10:42; I can't call it back. "Send quote" is open again. Shall I send this instead?
Undo is free for 60 s, then I can only send a correction. Cost: nothing.
[Send] [Edit] [Leave it]\
""")


def test_what_was_corrected_says_so():
    card = shown(an_action(state=State.COMPENSATED, receipt=SENT))

    assert face(card).splitlines()[-2:] == ["Sent 10:42, and corrected since.", "[Why?]"]


def test_a_written_mail_that_was_taken_back_had_not_left():
    written = Receipt(outcome="written", at=NOW, path="mail/k.eml")
    card = shown(an_action(WRITTEN, State.COMPENSATED, receipt=written))

    assert card.state == "Put away. Nothing had left."


def test_after_an_absence_a_late_mail_asks_again():
    late = an_action(late_since=NOW)
    text = "I'm back. I was off from Mon 22:14 to Tue 07:40. 3 messages came in; all are filed."

    assert face(shown(late, text, at=NOW + timedelta(hours=9))) == snapshot("""\
I'm back. I was off from Mon 22:14 to Tue 07:40. 3 messages came in; all are filed.
The mail to Marta Silva should have left at 10:42. It has not.
[Send now] [Don't send] [Show]\
""")


def test_the_card_that_was_approved_keeps_its_text_when_it_is_late():
    card = shown(an_action(late_since=NOW), at=NOW - timedelta(minutes=1))

    assert ("Text", REPLY.body) in card.facts
    assert [one.label for one in card.buttons] == ["Send now", "Don't send", "Show"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (
            State.EXPIRED,
            "It waited too long for your word, so I put it away. Nothing was sent.\n"
            "[Send after all] [Why?]",
        ),
        (State.REJECTED, "Put away. Nothing was sent.\n[Why?]"),
        (State.TAKEN, "Yours. I keep my hands off it.\n[Why?]"),
        (State.SUPERSEDED, "Replaced by the newer text below.\n[Why?]"),
    ],
)
def test_a_card_ends_in_a_visible_state(state: State, words: str):
    assert face(shown(an_action(state=state))).endswith(f"\n{words}")


def test_a_refused_proposal_says_why():
    card = shown(an_action(state=State.REFUSED, trouble="it goes to an address that hides letters"))

    assert card.state == "Not done: it goes to an address that hides letters."


def test_a_mail_that_failed_was_not_sent():
    card = shown(
        an_action(
            state=State.FAILED, trouble="Northwind paid 2,400 EUR at 10:12.", hint="Thank them."
        )
    )

    assert f"{card.state}\n{face(card).splitlines()[-1]}" == snapshot("""\
Not sent. Northwind paid 2,400 EUR at 10:12.
[Try again] [How to fix] [Copy text] [Why?]\
""")


def test_the_card_of_an_older_text_points_at_the_newer_one():
    card = shown(an_action(revision=1), latest=2)

    assert face(card).splitlines()[-2:] == ["Replaced by the newer text below.", "[Why?]"]


def test_a_filing_of_one_record_is_taken_back_with_one_button():
    action = an_action(FileRecords(changes=(TASK,)), State.DONE)

    assert face(shown(action, "Filed:\nTask: Send quote, Friday")) == snapshot("""\
Filed:
Task: Send quote, Friday
[Undo] [Why?]\
""")


def test_a_filing_of_several_records_is_taken_back_all_or_one():
    action = an_action(FileRecords(changes=(CUSTOMER, TASK)), State.DONE)

    assert face(shown(action, "Filed:\nBluefin Cafe\nSend quote, Friday")) == snapshot("""\
Filed:
Bluefin Cafe
Send quote, Friday
[Undo all] [Undo one] [Why?]\
""")


def test_a_filing_that_was_taken_back_says_so():
    action = an_action(FileRecords(changes=(TASK,)), State.COMPENSATED)

    assert face(shown(action, "Filed:\nSend quote")) == "Filed:\nSend quote\nTaken back.\n[Why?]"


QUESTION = Question(
    text='I\'m not sure what you want with "printer friday". I kept it as a note, nothing is lost.',
    choices=(
        Choice(label="Task for Friday", intent=Intent(kind="task.create")),
        Choice(label="Remind me Friday", intent=Intent(kind="reminder.create")),
        Choice(label="Just the note", intent=Intent(kind="note.create")),
    ),
)


def test_what_was_not_understood_comes_with_guesses():
    assert face(shown(None, QUESTION.text, question=QUESTION)) == snapshot("""\
I'm not sure what you want with "printer friday". I kept it as a note, nothing is lost.
[Task for Friday] [Remind me Friday] [Just the note]\
""")


def test_a_question_that_takes_words_invites_them():
    question = Question(
        text="What does it cost?", asks="price", button="Type the price", may_skip=True
    )
    card = shown(None, question.text, question=question)

    assert face(card) == "What does it cost?\n[Type the price] [Skip]"
    assert card.invites == "Type the price"


def test_no_button_is_without_words():
    question = Question(text="What does it cost?", asks="price")

    assert face(shown(None, question.text, question=question)).endswith("[Type the answer]")


def test_an_answer_in_the_owners_own_words_is_not_said_a_second_time():
    asked = Question(text="What do you sell?", may_skip=True)

    assert shown(None, asked.text, question=asked, answered="hourly 85").state == "Answered."
    assert shown(None, asked.text, question=asked, answered="Skipped").state == "Skipped."


def test_an_answered_question_keeps_its_answer():
    card = shown(None, QUESTION.text, question=QUESTION, answered="Task for Friday")

    assert card.state == "Answered: Task for Friday"
    assert card.buttons == ()


def test_a_skipped_question_says_so():
    assert shown(None, "Who are you?", question=QUESTION, answered="Skipped").state == "Skipped."


def test_a_calendar_entry_has_no_text_to_edit():
    card = shown(an_action(LUNCH, heading="Calendar: Lunch with Anna", rationale=""))

    assert face(card) == snapshot("""\
Calendar: Lunch with Anna
Lunch with Anna
Fri 13 Mar 2026, 13:00 to 14:00
Undo takes it out again. Cost: nothing.
[Approve] [No] [Why?]\
""")


def test_a_calendar_entry_comes_as_a_file_to_tap():
    made = Receipt(outcome="created", at=NOW, path="calendar/k.ics")
    card = shown(an_action(LUNCH, State.DONE, receipt=made, heading="Calendar: Lunch with Anna"))

    assert face(card).splitlines()[-2:] == snapshot(
        ["Here is the file; tap it to open your calendar.", "[Undo] [Why?]"]
    )
    assert card.file == Path("/company/calendar/k.ics")


def test_a_calendar_entry_that_was_taken_back_points_at_the_file_that_removes_it():
    made = Receipt(outcome="created", at=NOW, path="calendar/k.ics")
    back = shown(an_action(LUNCH, State.COMPENSATING, receipt=made))
    remover = an_action(
        LUNCH.undo(made, LISBON), State.DONE, compensates="act_0", receipt=made, rationale=""
    )

    assert back.state == "Taken back. Tap the newer file, and it is out of your calendar too."
    assert face(shown(remover)) == snapshot("""\
Out of the calendar: Lunch with Anna
Lunch with Anna
Fri 13 Mar 2026, 13:00 to 14:00
Here is the file; tap it, and it is out of your calendar.
[Undo] [Why?]\
""")


def test_a_line_is_only_its_words():
    assert face(shown(None, "Noted: it was sent.")) == "Noted: it was sent."
