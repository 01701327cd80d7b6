"""The page's routes: one link, one cookie, messages and presses, each once."""

import json
import sqlite3

import httpx
import pytest

from bot.local import below
from memory.errors import NotFound
from tests.bot.served import a_message, a_served_house, press, the_cards


async def test_a_link_opens_the_page_and_leaves_a_strict_cookie(tmp_path):
    async with a_served_house(tmp_path) as served, served.stranger() as browser:
        opened = await browser.get(served.web.fresh_link())
        page = await browser.get("/")

        cookie = opened.headers["set-cookie"].lower()
        assert opened.headers["location"] == "/"
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert "path=/" in cookie
        assert "Message Steward" in page.text


async def test_a_used_link_says_how_to_get_a_fresh_one(tmp_path):
    async with a_served_house(tmp_path) as served, served.stranger() as second:
        link = served.web.fresh_link()
        async with served.stranger() as first:
            await first.get(link)

        answer = await second.get(link)

        assert answer.status_code == 401
        assert "steward link" in answer.text


async def test_a_used_link_still_opens_the_page_where_it_was_opened(tmp_path):
    async with a_served_house(tmp_path) as served, served.stranger() as browser:
        link = served.web.fresh_link()
        await browser.get(link)

        again = await browser.get(link)

        assert again.headers["location"] == "/"


async def test_looking_ahead_does_not_use_a_link_up(tmp_path):
    async with a_served_house(tmp_path) as served, served.stranger() as browser:
        link = served.web.fresh_link()
        await browser.head(link)

        assert (await browser.get(link)).status_code == 303


@pytest.mark.parametrize("path", ["/api/history", "/api/stream?stamp=0", "/api/file/note_x"])
async def test_without_the_cookie_nothing_is_shown(tmp_path, path):
    async with a_served_house(tmp_path) as served, served.stranger() as stranger:
        answer = await stranger.get(path)

        assert answer.status_code == 401


async def test_without_the_cookie_nothing_is_taken(tmp_path):
    async with a_served_house(tmp_path) as served, served.stranger() as stranger:
        said = await stranger.post("/api/say", data=a_message("hi"))
        pressed = await stranger.post("/api/press", json={"id": "12345678", "token": "x"})

        assert (said.status_code, pressed.status_code) == (401, 401)
        assert await served.house.sources() == []


async def test_a_message_is_committed_before_it_is_acknowledged(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        answer = await browser.post("/api/say", data=a_message("Remind me Friday to call Marta"))

        kept = await served.house.sources()
        assert answer.status_code == 200
        assert [one.id for one in kept] == [answer.json()["source"]]


async def test_a_message_sent_again_after_a_lost_answer_is_one_message(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        message = a_message("Note: thicker paper")
        first = await browser.post("/api/say", data=message)
        second = await browser.post("/api/say", data=message)

        assert first.json()["source"] == second.json()["source"]
        assert (first.json()["fresh"], second.json()["fresh"]) == (True, False)
        assert len(await served.house.sources()) == 1


async def test_what_the_database_does_not_take_is_not_acknowledged(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        browser.timeout = httpx.Timeout(20)
        message = a_message("Note: thicker paper")
        other = sqlite3.connect(tmp_path / "steward.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        refused = await browser.post("/api/say", data=message)
        other.execute("ROLLBACK")
        other.close()

        taken = await browser.post("/api/say", data=message)

        assert refused.status_code == 503
        assert taken.status_code == 200
        assert len(await served.house.sources()) == 1


@pytest.mark.parametrize("name", ["", "short", "has space in it", "x" * 65])
async def test_a_message_needs_a_name_that_a_retry_can_repeat(tmp_path, name):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        answer = await browser.post("/api/say", data={"id": name, "text": "hi"})

        assert answer.status_code == 400


async def test_an_empty_message_is_refused(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        answer = await browser.post("/api/say", data=a_message("  "))

        assert answer.status_code == 400


async def test_a_dropped_mail_is_kept_as_a_mail_and_not_as_the_owners_word(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        raw = b"From: marta@bluefincafe.example\r\nSubject: Hello\r\n\r\nHello\r\n"
        mail = {"file": ("C:\\mails\\offer.EML", raw, "application/octet-stream")}
        await browser.post("/api/say", data=a_message(""), files=mail)

        (kept,) = await served.house.sources()
        (file,) = json.loads(kept.files)
        assert file["media_type"] == "message/rfc822"
        assert served.house.company.blobs.get(file["digest"]) == raw
        assert kept.label == "external"


async def test_what_is_passed_on_is_not_the_owners_word(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        await browser.post("/api/say", data=a_message("Pay me 900 EUR", forwarded="yes"))

        (kept,) = await served.house.sources()
        assert kept.forwarded
        assert kept.label == "external"


async def test_a_reload_shows_the_same_messages_and_cards(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        await browser.post("/api/say", data=a_message("/help"))
        notice = await served.house.put_card()

        found = (await browser.get("/api/history")).json()

        assert [one["text"] for one in found["mine"]] == ["/help"]
        card = next(one for one in found["cards"] if one["notice"] == notice)
        assert card["title"] == "Reply to Marta Silva"
        assert [one["label"] for one in card["buttons"]] == ["Approve", "Edit", "No", "Why?"]


async def test_a_press_decides(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        notice = await served.house.put_card()
        card = next(one for one in await the_cards(browser) if one["notice"] == notice)

        answer = await press(browser, card, "approve")

        assert answer.json()["accepted"]
        assert await served.house.state_of(notice) == "held"


async def test_a_second_press_says_that_it_is_decided(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        notice = await served.house.put_card()
        card = next(one for one in await the_cards(browser) if one["notice"] == notice)
        await press(browser, card, "approve")

        again = await press(browser, card, "approve")

        assert not again.json()["accepted"]
        assert again.json()["text"].startswith("Already approved")


async def test_a_press_sent_again_after_a_lost_answer_decides_once(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        notice = await served.house.put_card()
        card = next(one for one in await the_cards(browser) if one["notice"] == notice)
        pressed = {"id": "press-00000001", "token": card["buttons"][0]["token"]}

        answers = [await browser.post("/api/press", json=pressed) for _ in range(2)]

        assert [one.json()["accepted"] for one in answers] == [True, True]
        assert len(await served.house.decisions()) == 1


async def test_a_made_up_button_is_refused(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        answer = await browser.post("/api/press", json={"id": "press-1234", "token": "a" * 26})

        assert answer.status_code == 409
        assert await served.house.decisions() == []


async def test_an_edit_carries_its_text_and_makes_a_new_card(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        notice = await served.house.put_card()
        card = next(one for one in await the_cards(browser) if one["notice"] == notice)

        await press(browser, card, "edit", "Hi Marta, 1,300 EUR. Dana")

        newest = (await the_cards(browser))[-1]
        assert newest["notice"] != notice
        assert {"label": "Text", "value": "Hi Marta, 1,300 EUR. Dana"}.items() <= newest["facts"][
            -1
        ].items()


async def test_a_card_in_its_hold_says_how_long_is_left(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        notice = await served.house.put_card()
        card = next(one for one in await the_cards(browser) if one["notice"] == notice)
        await press(browser, card, "approve")

        held = next(one for one in await the_cards(browser) if one["notice"] == notice)

        assert 50 < held["leaves_in_s"] <= 60


async def events(browser: httpx.AsyncClient, number: int, **where) -> list[tuple[str, dict]]:
    """The first so many events of the stream."""
    found: list[tuple[str, dict]] = []
    name = ""
    async with browser.stream("GET", "/api/stream", **where) as stream:
        async for line in stream.aiter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                found.append((name, json.loads(line.removeprefix("data: "))))
                if len(found) == number:
                    return found
    return found


async def test_a_card_that_changes_is_told_again(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        notice = await served.house.put_card()
        found = (await browser.get("/api/history")).json()
        card = next(one for one in found["cards"] if one["notice"] == notice)
        await press(browser, card, "approve")

        ((name, told),) = await events(browser, 1, params={"stamp": found["stamp"]})

        assert name == "card"
        assert told["notice"] == notice
        assert told["state"].startswith("Leaves at")


async def test_a_reconnection_goes_on_after_the_last_event(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        await served.house.outbox.tell("One.")
        seen = await served.house.outbox.last_stamp()
        await served.house.outbox.tell("Two.")

        ((_, told),) = await events(
            browser, 1, params={"stamp": 0}, headers={"Last-Event-ID": str(seen)}
        )

        assert told["says"] == "Two."


async def test_only_a_file_in_the_data_folder_is_handed_over(tmp_path):
    outside = tmp_path / "secret.txt"
    outside.write_text("secret")
    data = tmp_path / "data"
    data.mkdir()
    (data / "link.txt").symlink_to(outside)
    (data / "entry.ics").write_text("BEGIN:VCALENDAR")

    assert below(data, data / "entry.ics").name == "entry.ics"
    for elsewhere in (data / ".." / "secret.txt", data / "link.txt", data / "gone.txt", data, None):
        with pytest.raises(NotFound):
            below(data, elsewhere)


async def test_a_notice_without_a_file_hands_nothing_over(tmp_path):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        notice = await served.house.outbox.tell("Just words.")

        assert (await browser.get(f"/api/file/{notice}")).status_code == 404


@pytest.mark.parametrize("name", ["..%2flocal.py", "local.py", "index.html"])
async def test_only_the_pages_own_files_are_served(tmp_path, name):
    async with a_served_house(tmp_path) as served, served.browser() as browser:
        assert (await browser.get(f"/page/{name}")).status_code == 404
