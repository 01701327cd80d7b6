"""The `steward` command: parses, starts and supervises; asks the running Steward for the rest."""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memory.errors import Misconfigured, Trouble

if TYPE_CHECKING:
    from memory.config import Config

_FINE, _REFUSED, _WRONG, _NOT_RUNNING = 0, 1, 2, 3

Options = argparse.Namespace


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        return int(options.act(options))
    except Misconfigured as wrong:
        for fault in wrong.faults:
            sys.stderr.write(f"{fault}\n")
        return _WRONG
    except Trouble as trouble:
        _fail(trouble.sentence, trouble.hint, as_json=options.json)
        return _REFUSED
    except KeyboardInterrupt:
        return _FINE


def _parser() -> argparse.ArgumentParser:
    about = "A chief of staff for a company of one."
    parser = argparse.ArgumentParser(prog="steward", description=about)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, act: Callable[[Options], int], about: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=about, description=about)
        one.add_argument("--data", help="the folder where everything is kept")
        one.add_argument("--config", type=Path, help="a configuration file")
        one.add_argument("--json", action="store_true", help="one JSON object a line")
        one.set_defaults(act=act)
        return one

    run = command("run", _run, "start everything: redis, doors and a worker")
    run.add_argument("--no-worker", action="store_true", help="doors only")
    doors = command("doors", _doors, "doors only, as run starts them")
    worker = command("worker", _worker, "one more worker, on this or another machine")
    for one in (doors, worker):
        one.add_argument("--redis", default="")
        one.add_argument("--child", action="store_true")
    say = command("say", _say, "a message from you")
    say.add_argument("text", nargs="?", default="", help="the text, or - for standard input")
    say.add_argument("--file", action="append", type=Path, default=[], help="a file with it")
    say.add_argument("--forward", action="store_true", help="passed on: not your own words")
    say.add_argument("--wait", type=float, default=10.0, help="seconds to wait for the answer")
    cards = command("cards", _cards, "what waits for you")
    cards.add_argument("--all", action="store_true", help="also what is settled")
    press = command("press", _press, "press a card's button")
    press.add_argument("card")
    press.add_argument("verb")
    press.add_argument("--text", default="")
    records = command("records", _records, "what the company knows")
    records.add_argument("kind", nargs="?", default="")
    records.add_argument("--find", default="")
    records.add_argument("--at", default="", help="true at this moment")
    records.add_argument("--known", default="", help="as known at this moment")
    actions = command("actions", _actions, "what was done or is under way")
    actions.add_argument("--state", default="")
    why = command("why", _why, "the story of an action")
    why.add_argument("action")
    ledger = command("ledger", _ledger, "check or export the ledger")
    ledger.add_argument("what", choices=("verify", "export"))
    read = command("read", _read, "read without acting")
    read.add_argument("file", nargs="?", default="-")
    read.add_argument("--batch", type=Path)
    read.add_argument("--kind", choices=("messages", "notes", "mails"), default="")
    command("link", _link, "a fresh link to the page")
    sample = command("sample", _sample, "fill an empty folder with a sample company")
    sample.add_argument("--now", default="", help="as of this moment")
    clock = command("clock", _clock, "move the sample company's clock")
    clock.add_argument("by", help="for example +61s, +10m, +9h, +1d, or a moment")
    doctor = command("doctor", _doctor, "check that everything is in order")
    doctor.add_argument("--here", action="store_true", help="ask nobody outside this computer")
    _add_init(command("init", _init, "write a configuration, and how to keep Steward running"))
    backup = command("backup", _backup, "a copy of everything, while running")
    backup.add_argument("target", nargs="?", type=Path)
    restore = command("restore", _restore, "begin again from a copy, while nothing runs")
    restore.add_argument("copy", type=Path, help="the folder that backup made")
    return parser


def _add_init(init: argparse.ArgumentParser) -> None:
    init.add_argument("--name", default="", help="your name")
    init.add_argument("--timezone", default="", help="such as Europe/Lisbon; found out if left out")
    init.add_argument("--locale", default="", help="such as en-GB")
    init.add_argument("--currency", default="", help="such as EUR")
    init.add_argument("--telegram-token-file", default="", help="a file, or - for standard input")
    init.add_argument("--mail", default="", help="your address; its servers are looked up")
    init.add_argument("--mail-password-file", default="", help="a file with its app password")
    init.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE")
    init.add_argument("--fresh", action="store_true", help="save the old file, write a new one")
    init.add_argument("--recipe", choices=("systemd", "docker", "compose"), help="print one")


def _init(options: Options) -> int:
    from bot.init import Asked, begin, one_recipe
    from memory.clock import WallClock
    from memory.config import data_folder

    if options.recipe:
        config, data, file = _settings(options)
        text = one_recipe(options.recipe, config, data, file)
        _print(options, {"recipe": options.recipe, "text": text}, text)
        return _FINE
    asked = Asked(
        owner={one: getattr(options, one) for one in ("name", "timezone", "locale", "currency")},
        telegram_token_file=options.telegram_token_file,
        mail=options.mail,
        mail_password_file=options.mail_password_file,
        settings=tuple(options.set),
        fresh=options.fresh,
    )
    begun = begin(data_folder(options.data), options.config, asked, WallClock().now(), sys.stdin)
    _print(options, begun.facts(), begun.lines())
    return _FINE


def _run(options: Options) -> int:
    from bot.supervisor import Supervisor

    config, data, file = _settings(options)
    return asyncio.run(Supervisor(config, data, file, worker=not options.no_worker).run())


def _doors(options: Options) -> int:
    from bot.compose import run_doors
    from memory.lifeline import until_parent_ends

    config, data, file = _settings(options)
    doors = run_doors(config, data, options.redis, file=file, renewable=options.child)
    asyncio.run(until_parent_ends(doors))
    return _FINE


def _worker(options: Options) -> int:
    """Hand over to the process that may load agents."""
    from bot.embedded import url_of

    config, data, file = _settings(options)
    url = options.redis or config.storage.redis_url or url_of(data)
    arguments = [sys.executable, "-m", "jobs", "worker", "--data", str(data), "--redis", url]
    if file is not None:
        arguments += ["--config", str(file)]
    if options.child:
        arguments.append("--child")
    os.execv(sys.executable, arguments)  # noqa: S606 - our own program, no shell


def _say(options: Options) -> int:
    import base64
    import mimetypes

    text = options.text
    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    if not text and not options.file:
        raise Misconfigured(("Say what? Give a text, - for standard input, or --file.",))
    files: list[dict[str, str]] = []
    for path in options.file:
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise Misconfigured((f"{path}: cannot be read ({error.strerror}).",)) from error
        kind = "message/rfc822" if path.suffix == ".eml" else mimetypes.guess_type(path.name)[0]
        files.append(
            {
                "name": path.name,
                "media_type": kind or "application/octet-stream",
                "base64": base64.b64encode(raw).decode(),
            }
        )
    asked = {"text": text, "files": files, "forward": options.forward, "wait_s": options.wait}
    return _ask(options, "POST", "say", asked, wait_s=options.wait + 10)


def _cards(options: Options) -> int:
    return _ask(options, "GET", f"cards?all={int(options.all)}")


def _press(options: Options) -> int:
    verb, _, choice = options.verb.partition(":")
    asked = {"card": options.card, "verb": verb, "text": options.text}
    if choice:
        asked["choice"] = choice
    return _ask(options, "POST", "press", asked)


def _records(options: Options) -> int:
    asked = {name: getattr(options, name) for name in ("kind", "find", "at", "known")}
    return _ask(options, "GET", _query("records", **asked))


def _actions(options: Options) -> int:
    return _ask(options, "GET", _query("actions", state=options.state))


def _why(options: Options) -> int:
    return _ask(options, "GET", _query("why", action=options.action))


def _ledger(options: Options) -> int:
    """Look by ourselves, so that nobody who works has to wait for it."""
    from memory.company import database_url
    from memory.store import sqlite_file

    config, data, _ = _settings(options)
    file = sqlite_file(database_url(config, data))
    if file is not None and not file.exists():
        return _ask(options, "GET", f"ledger/{options.what}")
    looked = _verified if options.what == "verify" else _exported
    return asyncio.run(looked(options, config, data))


async def _verified(options: Options, config: "Config", data: Path) -> int:
    from bot.script_json import audit
    from memory.audit import audited
    from memory.company import opened

    async with opened(config, data) as company:
        found = await audited(company)
    _print(options, audit(found), found.text)
    return _REFUSED if found.faults else _FINE


async def _exported(options: Options, config: "Config", data: Path) -> int:
    from bot.script_json import entry
    from memory import ledger
    from memory.company import opened

    async with opened(config, data) as company, company.store.read() as connection:
        async for line in ledger.lines(connection):
            _print(options, entry(line), json.dumps(entry(line), ensure_ascii=False))
    return _FINE


def _link(options: Options) -> int:
    return _ask(options, "POST", "link", {})


def _read(options: Options) -> int:
    """Hand over to the process that may load agents."""
    arguments = [sys.executable, "-m", "jobs", "read", options.file]
    if options.batch:
        arguments += ["--batch", str(options.batch)]
    if options.kind:
        arguments += ["--kind", options.kind]
    sys.stdout.flush()
    os.execv(sys.executable, arguments)  # noqa: S606 - our own program, no shell


def _sample(options: Options) -> int:
    from bot.sandbox import fill

    _, data, _ = _settings(options, fresh=True)
    said = asyncio.run(fill(data, options.now))
    words = f"The sample company is in {data}, as of {said}."
    _print(options, {"sample": str(data), "now": said}, words)
    return _FINE


def _clock(options: Options) -> int:
    from bot.sandbox import move

    config, data, _ = _settings(options)
    now = asyncio.run(move(config, data, options.by))
    _print(options, {"now": now}, f"It is now {now}.")
    return _FINE


def _doctor(options: Options) -> int:
    from bot.doctor import examine

    config, data, file = _settings(options)
    findings = asyncio.run(examine(config, data, file, outside=not options.here))
    for one in findings:
        _print(options, one.model_dump(), f"{'fine' if one.fine else 'WRONG'}  {one.line}")
    return _FINE if all(one.fine for one in findings) else _REFUSED


def _backup(options: Options) -> int:
    from memory.backup import back_up
    from memory.clock import WallClock

    config, data, _ = _settings(options)
    place = back_up(config, data, options.target, WallClock().now())
    _print(options, {"backup": str(place)}, f"Everything is copied to {place}.")
    return _FINE


def _restore(options: Options) -> int:
    from memory.clock import WallClock
    from memory.restore import restore

    config, data, _ = _settings(options)
    done = restore(config, data, options.copy, WallClock().now())
    at = done.at.astimezone(config.owner.zone)
    lines = [f"Everything is back as it was on {at:%a %-d %b at %H:%M}."]
    if done.kept is not None:
        lines.append(f"What was here before is kept in {done.kept}.")
    if not done.proved:
        lines.append(
            "The copy was sealed with a key that is not here, so I can't tell whether anybody "
            "changed it before today."
        )
    lines.append("Start me with: steward run. I ask about what may have left since then.")
    facts = {"at": at.isoformat(), "kept": str(done.kept or ""), "proved": done.proved}
    _print(options, {"restored": str(options.copy), **facts}, "\n".join(lines))
    return _FINE


def _settings(options: Options, *, fresh: bool = False) -> "tuple[Config, Path, Path | None]":
    """Configuration, data folder and the file it was read from."""
    from memory.config import config_file, data_folder, load

    data = data_folder(options.data)
    file = config_file(options.config, data) if not fresh else None
    config = load(file)
    if not options.data and config.storage.data:
        data = data_folder(None, config)
    return config, data, file


def _ask(
    options: Options, method: str, path: str, body: object = None, *, wait_s: float = 30
) -> int:
    """Ask the running Steward and print its lines."""
    from bot.client import AnotherKey, Client

    _, data, _ = _settings(options)
    client = Client.of(data)
    lines: list[dict[str, Any]] | None = None
    if client is not None:
        with contextlib.suppress(ConnectionError):
            try:
                lines = client.ask(method, path, body, wait_s=wait_s)
            except AnotherKey:
                # they began anew between the reading of their key and the question
                again = Client.of(data)
                lines = again.ask(method, path, body, wait_s=wait_s) if again else None
    if lines is None:
        _fail("Steward is not running here.", "Start it with: steward run", as_json=options.json)
        return _NOT_RUNNING
    for line in lines:
        _print(options, line, str(line.get("text") or json.dumps(line, ensure_ascii=False)))
    return _REFUSED if any(line.get("faults") for line in lines) else _FINE


def _query(path: str, **asked: str) -> str:
    """A path with what was asked for, quoted; what is empty is left out."""
    from urllib.parse import urlencode

    return f"{path}?{urlencode({name: value for name, value in asked.items() if value})}"


def _print(options: Options, data: object, words: str) -> None:
    sys.stdout.write((json.dumps(data, ensure_ascii=False) if options.json else words) + "\n")


def _fail(sentence: str, hint: str, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps({"error": sentence, "hint": hint}, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(f"{sentence} {hint}".strip() + "\n")


if __name__ == "__main__":
    sys.exit(main())
