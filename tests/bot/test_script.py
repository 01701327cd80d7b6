"""The scripting door: its key, its objects, and what it waits for."""

import base64
import contextlib
import json
import sqlite3

import pytest

from memory.config import Config, Policy
from tests.bot.house import a_house
from tests.bot.served import a_served_house

CARD = {
    *("card", "action", "kind", "state", "title", "facts", "says", "cost", "path"),
    *("reversal", "hold_s", "expires_at", "buttons", "text"),
}
LINE = {"notice", "text", "about", "cost", "path"}
ACTION = {
    *("action", "kind", "state", "revision", "effect", "reversal", "approved_by"),
    *("receipt", "source", "agent"),
}


@pytest.mark.parametrize("key", ["", "Bearer wrong", "wrong"])
async def test_without_the_key_nothing_is_answered(tmp_path, key):
    async with a_served_house(tmp_path) as served, served.stranger() as stranger:
        for path in ("cards", "actions", "records", "ledger/export", "health"):
            answer = await stranger.get(f"/door/{path}", headers={"Authorization": key})
            assert answer.status_code == 401
        said = await stranger.post(
            "/door/say", json={"text": "STOP"}, headers={"Authorization": key}
        )
        assert said.status_code == 401
        assert not served.house.outbox.stopped()


async def test_the_pages_cookie_is_no_key(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        assert (await browser.get("/door/cards")).status_code == 401


async def test_what_code_answers_comes_back_as_a_line(tmp_path):
    async with a_served_house(tmp_path) as served, served.script() as script:
        answer = (await script.post("/say", json={"text": "/find banana"})).json()

        (line,) = answer["lines"]
        assert line.keys() == LINE
        assert line["text"] == 'I have nothing about "banana".'
        assert line["about"] == answer["source"]
        assert line["cost"] == "0.00 USD"
        assert "pending" not in answer


async def test_what_nobody_has_worked_on_is_pending(tmp_path):
    async with a_served_house(tmp_path) as served, served.script() as script:
        answer = (await script.post("/say", json={"text": "note: x", "wait_s": 0.1})).json()

        assert answer["pending"] is True
        assert answer["lines"] == []


async def test_the_same_message_under_the_same_name_is_one(tmp_path):
    async with a_served_house(tmp_path) as served, served.script() as script:
        said = {"text": "note: x", "wait_s": 0, "id": "cron-monday"}
        for _ in range(2):
            await script.post("/say", json=said)

        assert len(await served.house.sources()) == 1


async def test_a_passed_on_mail_keeps_its_bytes(tmp_path):
    raw = b"From: marta@bluefincafe.example\r\n\r\nHello\r\n"
    file = {"name": "m.eml", "media_type": "", "base64": base64.b64encode(raw).decode()}
    async with a_served_house(tmp_path) as served, served.script() as script:
        await script.post("/say", json={"files": [file], "forward": True, "wait_s": 0})

        (kept,) = await served.house.sources()
        (stored,) = json.loads(kept.files)
        assert stored["media_type"] == "message/rfc822"
        assert served.house.company.blobs.get(stored["digest"]) == raw
        assert kept.forwarded


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("{", id="no JSON"),
        pytest.param('{"text": 1}', id="a number for a text"),
        pytest.param('{"txt": "hi"}', id="a key that is not there"),
        pytest.param('{"text": " "}', id="nothing to say"),
        pytest.param('{"files": [{"name": "a", "base64": "%"}]}', id="no base64"),
        pytest.param('{"text": "hi", "wait_s": -1}', id="time before now"),
    ],
)
async def test_a_request_that_cannot_be_read_is_refused_with_a_reason(tmp_path, body):
    async with a_served_house(tmp_path) as served, served.script() as script:
        answer = await script.post("/say", content=body)

        assert answer.status_code == 400
        assert answer.json().keys() == {"error", "hint"}
        assert await served.house.sources() == []


async def test_a_waiting_card_has_every_key_and_its_verbs(tmp_path):
    async with a_served_house(tmp_path) as served, served.script() as script:
        notice = await served.house.put_card()

        (card,) = (await script.get("/cards")).json()["lines"]

        assert card.keys() == CARD
        assert card["card"] == notice
        assert (card["kind"], card["state"]) == ("mail.send", "awaiting")
        assert card["buttons"] == ["approve", "edit", "reject", "why"]
        assert ["Subject", "Re: Landing page"] in card["facts"]
        assert (card["reversal"], card["hold_s"]) == ("R1", 60)
        assert card["expires_at"].endswith("+00:00") or card["expires_at"].endswith("+01:00")


async def test_a_settled_card_leaves_the_inbox_and_stays_among_all(tmp_path):
    async with a_served_house(tmp_path) as served, served.script() as script:
        notice = await served.house.put_card()
        await script.post("/press", json={"card": notice, "verb": "reject"})

        inbox = (await script.get("/cards")).json()["lines"]
        every = (await script.get("/cards?all=1")).json()["lines"]

        assert inbox == []
        assert [one["state"] for one in every] == ["rejected"]


async def test_a_press_answers_with_the_card_as_it_is_now(tmp_path):
    async with a_served_house(tmp_path) as served, served.script() as script:
        notice = await served.house.put_card()

        answer = await script.post("/press", json={"card": notice, "verb": "approve"})

        (card,) = answer.json()["lines"]
        assert card["state"] == "held"
        assert card["buttons"] == ["undo"]


async def test_a_press_may_name_the_action_instead_of_the_card(tmp_path):
    async with a_served_house(tmp_path) as served, served.script() as script:
        notice = await served.house.put_card()
        (card,) = (await script.get("/cards")).json()["lines"]

        await script.post("/press", json={"card": card["action"], "verb": "approve"})

        assert await served.house.state_of(notice) == "held"


async def test_an_edit_shows_the_new_card(tmp_path):
    async with a_served_house(tmp_path) as served, served.script() as script:
        notice = await served.house.put_card()

        answer = await script.post(
            "/press", json={"card": notice, "verb": "edit", "text": "1,300 EUR it is."}
        )

        old, new = answer.json()["lines"]
        assert (old["state"], new["state"]) == ("superseded", "awaiting")
        assert ["Text", "1,300 EUR it is."] in new["facts"]


async def test_a_refused_press_says_why(tmp_path):
    async with a_served_house(tmp_path) as served, served.script() as script:
        notice = await served.house.put_card()
        await script.post("/press", json={"card": notice, "verb": "approve"})

        again = await script.post("/press", json={"card": notice, "verb": "approve"})

        assert again.status_code == 409
        assert again.json()["error"].startswith("Already approved")


@pytest.mark.parametrize(
    ("card", "verb", "status"),
    [("note_none", "approve", 404), ("act_none", "approve", 404), ("note_none", "explode", 404)],
)
async def test_a_card_that_is_not_there_cannot_be_pressed(tmp_path, card, verb, status):
    async with a_served_house(tmp_path) as served, served.script() as script:
        answer = await script.post("/press", json={"card": card, "verb": verb})

        assert answer.status_code == status


async def test_an_unknown_verb_is_refused(tmp_path):
    async with a_served_house(tmp_path) as served, served.script() as script:
        notice = await served.house.put_card()

        answer = await script.post("/press", json={"card": notice, "verb": "explode"})

        assert answer.status_code == 400


async def test_actions_show_the_effect_and_who_approved(tmp_path):
    async with a_served_house(tmp_path) as served, served.script() as script:
        notice = await served.house.put_card()
        await script.post("/press", json={"card": notice, "verb": "approve"})

        (action,) = (await script.get("/actions?state=held")).json()["lines"]

        assert action.keys() == ACTION
        assert action["effect"]["subject"] == "Re: Landing page"
        assert action["approved_by"] == "script owner"
        assert (await script.get("/actions?state=done")).json()["lines"] == []
        assert (await script.get("/actions?state=lost")).status_code == 400


async def test_an_edited_action_is_listed_once_with_its_newest_text(tmp_path):
    async with a_served_house(tmp_path) as served, served.script() as script:
        notice = await served.house.put_card()
        await script.post("/press", json={"card": notice, "verb": "edit", "text": "Shorter."})

        (action,) = (await script.get("/actions")).json()["lines"]

        assert (action["revision"], action["effect"]["body"]) == (2, "Shorter.")


async def test_why_tells_the_story_of_an_action(tmp_path):
    async with a_served_house(tmp_path) as served, served.script() as script:
        await served.house.put_card()
        (card,) = (await script.get("/cards")).json()["lines"]

        (story,) = (await script.get(f"/why?action={card['action']}")).json()["lines"]

        assert "she asks for a quote by Friday" in story["text"]
        assert (await script.get("/why?action=act_none")).status_code == 404


async def test_the_ledger_is_checked_and_exported(tmp_path):
    async with a_served_house(tmp_path) as served, served.script() as script:
        await served.house.outbox.pair("telegram", "111", "111")

        (checked,) = (await script.get("/ledger/verify")).json()["lines"]
        exported = (await script.get("/ledger/export")).json()["lines"]

        assert (checked["ok"], checked["faults"]) == (True, [])
        assert checked["entries"] == len(exported)
        assert {"prev_hash", "hash", "mac", "seal"} < set(exported[0])
        assert exported[0]["event"] == "paired"


async def test_an_unknown_kind_of_record_names_the_kinds_there_are(tmp_path):
    async with a_served_house(tmp_path) as served, served.script() as script:
        answer = await script.get("/records?kind=unicorn")

        assert answer.status_code == 404
        assert "rate" in answer.json()["hint"]


async def test_a_link_from_the_door_opens_the_page(tmp_path):
    async with a_served_house(tmp_path) as served, served.script() as script:
        link = (await script.post("/link")).json()["link"]

        async with served.stranger() as browser:
            assert (await browser.get(link)).status_code == 303


async def test_the_doors_owner_is_paired_by_the_process_itself(tmp_path):
    async with a_house(tmp_path, Config(policy=Policy())) as house:
        assert await house.outbox.pairings("script") == ()
    async with a_served_house(tmp_path) as served:
        assert [one.person for one in await served.house.outbox.pairings("script")] == ["owner"]


async def test_stop_is_answered_at_once_although_the_database_takes_nothing(tmp_path):
    async with a_served_house(tmp_path) as served, served.script() as script:
        place = served.house.company.data / "steward.db"
        with contextlib.closing(sqlite3.connect(place, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            answer = await script.post("/say", json={"text": "STOP"})
            held = served.house.outbox.stopped()
            other.execute("ROLLBACK")

    said = answer.json()
    assert (answer.status_code, held, said["pending"]) == (200, True, True)
    assert said["text"].startswith("Stopped. Nothing leaves until you say resume.")


async def test_a_stop_is_a_card_with_its_buttons(tmp_path):
    async with a_served_house(tmp_path) as served, served.script() as script:
        (card,) = (await script.post("/say", json={"text": "STOP"})).json()["lines"]

        assert card.keys() == CARD
        assert (card["kind"], card["buttons"]) == ("stop", ["resume"])
        pressed = await script.post("/press", json={"card": card["card"], "verb": "resume"})
        assert pressed.status_code == 200
        assert not served.house.outbox.stopped()
