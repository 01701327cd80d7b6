from jobs.outbox import Wanted
from memory.records.decision import Verb
from tests.doubles.builders import Desk

YES, NO = Wanted(verb=Verb.APPROVE), Wanted(verb=Verb.REJECT)


async def test_a_token_stands_for_one_verb_on_one_card_in_one_chat(desk: Desk):
    card = await desk.propose()

    yes, no = await desk.outbox.tokens("telegram", "1", card, (YES, NO))
    pressed = await desk.outbox.pressed(no)

    assert len({yes, no}) == 2
    assert len(yes) == 26
    assert pressed is not None
    assert (pressed.verb, pressed.chat, pressed.notice) == (Verb.REJECT, "1", card.notice.id)
    assert card.action is not None
    assert (pressed.revision, pressed.digest) == (1, card.action.digest)


async def test_the_same_card_has_the_same_tokens_and_another_chat_has_its_own(desk: Desk):
    card = await desk.propose()

    first = await desk.outbox.tokens("telegram", "1", card, (YES,))
    again = await desk.outbox.tokens("telegram", "1", card, (YES,))
    other = await desk.outbox.tokens("telegram", "2", card, (YES,))

    assert first == again != other


async def test_a_token_that_was_never_ours_stands_for_nothing(desk: Desk):
    assert await desk.outbox.pressed("a" * 26) is None
