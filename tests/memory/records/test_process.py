"""Process: where one piece of business stands."""

import pytest
from pydantic import ValidationError

from memory.records.process import Process


def test_there_is_one_process_for_a_subject():
    process = Process(subject="project_1", name="Landing page")

    assert process.key() == "project_1"
    assert process.title() == "Landing page: enquiry"
    assert process.changed(stage="paid").record_id() == process.record_id()


def test_a_process_knows_its_stages():
    with pytest.raises(ValidationError):
        Process.model_validate({"subject": "x", "name": "y", "stage": "limbo"})
