import json
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.__main__ import main
from tests.doubles.builders import a_letter, a_mail_from

ROOT = Path(__file__).parents[2]


def test_a_text_is_read_without_acting():
    result = subprocess.run(
        [sys.executable, "-m", "jobs", "read", "-"],
        cwd=ROOT,
        input="remind me to call Marta in 3 hours",
        capture_output=True,
        text=True,
        check=True,
    )

    read = json.loads(result.stdout)
    assert [one["intent"] for one in read["intents"]] == ["reminder.set"]


def test_a_batch_is_answered_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "e1.eml").write_bytes(a_mail_from(a_letter()))
    now = "2026-03-10T09:00:00+00:00[Europe/Lisbon]"
    items = [
        {"id": "m1", "text": "thanks", "now": now},
        {"id": "e1", "file": "e1.eml", "now": now},
        {"id": "m2", "now": now},
    ]
    batch = tmp_path / "batch.jsonl"
    batch.write_text("\n".join(json.dumps(one) for one in items))

    code = main(["read", "--batch", str(batch)])

    lines = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    assert code == 0
    assert [one["id"] for one in lines] == ["m1", "e1", "m2"]
    assert lines[1]["category"] == "quote_request"
    assert "error" in lines[2]


def test_a_file_that_is_not_there_is_said_and_ends_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    code = main(["read", str(tmp_path / "nothing.txt")])

    assert code == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_wrong_configuration_starts_nothing_and_ends_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "config.toml").write_text('[owner]\ntimezone = "Moon/Base"\n')

    code = main(["worker", "--data", str(tmp_path), "--redis", "unix:///nowhere"])

    assert code == 2
    assert "Moon/Base" in capsys.readouterr().err
