"""Task: something to do."""

from datetime import date

import pytest

from memory.records.task import Task

CALL = Task(what="Call Tom", origin="src_1")


def test_the_same_words_in_two_messages_are_two_tasks():
    assert CALL.key() == "src_1/call tom"
    assert CALL.record_id() != CALL.changed(origin="src_2").record_id()


@pytest.mark.parametrize(
    ("task", "line"),
    [
        (CALL, "Task: Call Tom"),
        (CALL.changed(due=date(2026, 3, 13)), "Task: Call Tom, by Friday 13 March"),
        (CALL.changed(owner="Tom"), "Task: Call Tom (Tom)"),
    ],
)
def test_the_line_says_what_by_when_and_by_whom(task: Task, line: str):
    assert task.line() == line
    assert task.title() == "Call Tom"
