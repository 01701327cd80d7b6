from datetime import timedelta

import pytest

from jobs.albums import Album
from memory.records.source import File, Source
from tests.doubles.builders import Desk, a_source

PHOTOS = Album(name="telegram:a1", words="Your {count} photos are kept.")
ONE = "Your photo is kept."


async def test_pictures_of_one_album_share_one_silent_line(desk: Desk):
    for _ in range(3):
        await desk.outbox.accept_kept(a_source("photo"), ONE, PHOTOS)

    (line,) = await desk.cards()
    assert (line.notice.text, line.notice.rings) == ("Your 3 photos are kept.", False)


async def test_the_same_picture_delivered_twice_is_counted_once(desk: Desk):
    photo = a_source("photo")
    await desk.outbox.accept_kept(photo, ONE, PHOTOS)
    again = await desk.outbox.accept_kept(photo, ONE, PHOTOS)
    await desk.outbox.tell_kept(photo.id, ONE, PHOTOS)

    assert not again.fresh
    assert await desk.texts() == [ONE]


async def test_without_an_album_each_has_its_own_line(desk: Desk):
    for _ in range(2):
        await desk.outbox.accept_kept(a_source("photo"), ONE, None)

    assert await desk.texts() == [ONE, ONE]


def a_photo(desk: Desk, name: str = "image/jpeg") -> Source:
    file = File(
        name="photo.jpg", media_type=name, size_bytes=1, digest=desk.company.blobs.put(b"x")
    )
    return a_source("", files=(file,), received_at=desk.now)


@pytest.mark.parametrize("is_reply", [True, False])
async def test_what_a_picture_shows_is_kept_and_not_asked_about(desk: Desk, is_reply: bool):
    await desk.outbox.accept_kept(a_photo(desk), ONE, None)
    (line,) = await desk.cards()

    reply_to = line.notice.id if is_reply else None
    await desk.hear(a_source("paper and ink, 43.30 EUR", reply_to=reply_to, received_at=desk.now))

    assert await desk.texts() == [ONE, "Kept: paper and ink, 43.30 EUR"]


async def test_an_order_after_a_picture_stays_an_order(desk: Desk):
    await desk.outbox.accept_kept(a_photo(desk), ONE, None)

    await desk.hear(a_source("poster is 300", received_at=desk.now))

    assert await desk.texts() == [ONE, "Noted: poster, 300 EUR."]


@pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=11)])
async def test_a_voice_message_or_an_old_picture_is_not_what_words_tell_of(
    desk: Desk, later: timedelta
):
    kind = "image/jpeg" if later else "audio/ogg"
    await desk.outbox.accept_kept(a_photo(desk, kind), ONE, None)
    await desk.pass_time(later)

    await desk.hear(a_source("the one with the blue door", received_at=desk.now))

    assert (await desk.texts())[-1].startswith("I'm not sure what you want")
