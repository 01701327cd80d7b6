"""Source: what came in, as it came."""

from memory.labels import Label
from memory.records.source import File, Source
from tests.memory.records.given import NINE


def test_a_source_comes_back_from_json_as_it_was():
    source = Source(
        id="src_1", channel="telegram", native_id="7", chat="111", sender="111", label=Label.OWNER,
        text="hé\u0000llo \U0001f4ce", received_at=NINE,
        files=(File(name="a.eml", media_type="message/rfc822", size_bytes=3, digest="00"),),
    )  # fmt: skip

    assert Source.model_validate_json(source.model_dump_json()) == source


def test_a_source_is_the_owners_own_words_unless_it_was_passed_on():
    assert not Source.model_fields["forwarded"].default
