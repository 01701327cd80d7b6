from jobs.albums import Album
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
