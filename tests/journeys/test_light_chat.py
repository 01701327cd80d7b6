"""The chat process stays light: it loads neither a model client nor the job queue."""

from pathlib import Path

from tests.doubles.steward import ROOT, Steward

INJECT = ROOT / "tests" / "doubles" / "inject"
HEAVY = ("pydantic_ai", "arq", "openai", "anthropic")


async def test_after_ten_commands_the_doors_have_loaded_no_model_client_and_no_queue(
    tmp_path: Path,
) -> None:
    modules = tmp_path / "modules"
    modules.mkdir()
    steward = Steward(tmp_path / "data", PYTHONPATH=str(INJECT), MODULES_INTO=str(modules))
    steward.make()
    await steward.start()
    for command in ("/today", "/waiting", "/help", "/more", "/find Tom", "stop", "resume"):
        await steward.ask("say", command)
    await steward.ask("say", "hourly is 90")
    await steward.ask("cards", "--all")
    await steward.ask("say", "undo that")

    await steward.stop()

    doors = [one.read_text().split() for one in modules.iterdir() if "bot-doors" in one.name]
    assert len(doors) == 1
    assert "bot.intake" in doors[0]
    assert [name for name in HEAVY if name in doors[0]] == []
