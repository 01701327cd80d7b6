import pytest

from jobs.plain import from_json, to_json


def test_a_job_survives_the_journey():
    job = {"t": 1, "f": "consider", "a": ["run_1", 0, 2], "k": {}}

    assert from_json(to_json(job)) == job


def test_a_failure_travels_as_its_name():
    assert from_json(to_json({"r": ValueError("secret")})) == {"r": "ValueError"}


@pytest.mark.parametrize("raw", [b"[]", b"1", b'"text"', b"\x80\x04.", b""])
def test_what_is_no_job_is_refused(raw: bytes):
    with pytest.raises(ValueError, match=r"not a job|Expecting|decode|char"):
        from_json(raw)
