import pytest
from pydantic import ValidationError

from memory.section import Section


class Port(Section):
    number: int = 25


def test_a_section_does_not_change_and_knows_its_keys():
    with pytest.raises(ValidationError, match="frozen"):
        Port().number = 26
    with pytest.raises(ValidationError, match="extra"):
        Port.model_validate({"nmuber": 26})
