"""The page's settings: phone, mail, model and Slack, each tried before it is kept."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import cast

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from bot import slack_link, telegram_link, trial
from bot.forms import SPEAKS, Fields, MailForm, ModelForm, SlackForm, TelegramForm, opens
from bot.providers import provider_of
from bot.wrong_inputs import Wrong
from jobs.outbox import Outbox
from memory.company import Company
from memory.config import Config, Mail
from memory.config_file import Value, Where, keep
from memory.errors import Misconfigured, Trouble

logger = logging.getLogger(__name__)

Handler = Callable[[Request], Awaitable[Response]]
_MANIFEST = Path(__file__).with_name("manifest.yaml")
_LONGEST = 4000
"""Characters that a field may have; a token has about fifty."""


class SettingsSheet:
    """What the page's sheet asks for. Secrets go in and never come out."""

    def __init__(
        self, company: Company, outbox: Outbox, file: Path, renew: Callable[[], None] | None
    ) -> None:
        """A sheet for one company.

        Args:
            file: The configuration file that is written.
            renew: Lets the doors and the worker begin anew with what was kept; None where nobody
                would start them again.
        """
        self._outbox = outbox
        self._config = company.config
        self._data = company.data
        self._file = file
        self._renew = renew
        self._one_at_a_time = asyncio.Lock()
        self._keeps: dict[str, Callable[[Fields], Awaitable[Wrong | str]]] = {
            "telegram": self._telegram,
            "mail": self._mail,
            "model": self._model,
            "slack": self._slack,
        }

    def routes(self, let_in: Callable[[Handler], Handler]) -> list[Route]:
        """Routes behind the page's own check of its cookie."""
        return [
            Route("/api/settings", let_in(self._state), methods=["GET"]),
            Route("/api/settings/manifest.yaml", let_in(self._manifest), methods=["GET"]),
            Route("/api/settings/servers", let_in(self._servers), methods=["POST"]),
            Route("/api/settings/{what}", let_in(self._keep), methods=["POST"]),
        ]

    async def _state(self, _request: Request) -> Response:
        return JSONResponse(await self.state())

    async def state(self) -> dict[str, object]:
        """What is set, without a secret."""
        config = self._config
        return {
            "file": str(self._file),
            "telegram": await self._telegram_state(),
            "mail": _mail_state(config),
            "model": {
                "set": bool(config.models.small or config.models.large),
                "base_url": config.models.base_url,
                "model_name": config.models.small.removeprefix(SPEAKS),
                "has_key": bool(config.models.api_key.get_secret_value()),
                "price": config.models.small_price,
            },
            "slack": await self._slack_state(),
        }

    async def _manifest(self, _request: Request) -> Response:
        """Slack's app, as its owner makes it from a manifest."""
        return FileResponse(_MANIFEST, filename="steward.yaml", media_type="application/yaml")

    async def _servers(self, request: Request) -> Response:
        """The servers that belong to an address, as far as they are known or can be guessed."""
        found = provider_of((await _fields(request)).get("address", ""))
        return JSONResponse({} if found is None else found.model_dump())

    async def _keep(self, request: Request) -> Response:
        keeps = self._keeps.get(request.path_params["what"])
        if keeps is None:
            raise HTTPException(404, "There is no such setting.")
        fields = await _fields(request)
        async with self._one_at_a_time:
            try:
                outcome = await keeps(fields)
            except Misconfigured as error:
                step = f"Correct it in {self._file}, then try again."
                outcome = Wrong(field="", sentence=error.faults[0], step=step)
            except Trouble as trouble:
                outcome = Wrong(field="", sentence=trouble.sentence, step=trouble.hint)
        if isinstance(outcome, Wrong):
            return JSONResponse({"kept": False, **outcome.model_dump()})
        facts = {"action": "settings_kept", "what": request.path_params["what"]}
        logger.info("settings kept", extra=facts)
        renews = self._renew is not None
        says = outcome if renews else f"{outcome} Start me again, and it is in use."
        # only once the answer is on its way: the renewal ends this very server
        background = BackgroundTask(self._renew) if self._renew is not None else None
        answer = {"kept": True, "says": says, "state": await self.state()}
        return JSONResponse(answer, background=background)

    async def _telegram(self, fields: Fields) -> Wrong | str:
        form = TelegramForm.read(fields, self._config)
        if isinstance(form, Wrong):
            return form
        account = await trial.telegram(form.section)
        if isinstance(account, Wrong):
            return account
        refused = self._write(form.settings())
        if refused is not None:
            return refused
        await telegram_link.met(self._outbox, account)
        return f"@{account} is connected. Now open its chat on your phone."

    async def _mail(self, fields: Fields) -> Wrong | str:
        form = MailForm.read(fields, self._config)
        if isinstance(form, Wrong):
            return form
        met = await asyncio.gather(
            trial.outgoing(form.mail, advice=form.advice),
            trial.incoming(form.mail, advice=form.advice),
        )
        before = _about_mail(self._config.mail)
        found = next((one for one in met if one is not None), None) or self._write(form.settings())
        if found is not None:
            return found
        says = _about_mail(form.mail)
        if says != before:
            await self._outbox.tell(says)
        return says

    async def _model(self, fields: Fields) -> Wrong | str:
        form = ModelForm.read(fields, self._config)
        if isinstance(form, Wrong):
            return form
        tried = self._config.model_copy(update={"models": form.section})
        found = await trial.model(tried, self._data) or self._write(form.settings())
        name = form.section.small.removeprefix(SPEAKS)
        return found or f"{name} is connected. I ask it only where my own rules don't reach."

    async def _slack(self, fields: Fields) -> Wrong | str:
        form = SlackForm.read(fields, self._config)
        if isinstance(form, Wrong):
            return form
        team = await trial.slack(form.section)
        if isinstance(team, Wrong):
            return team
        says = f"{team} is connected. Now write your app there the words below."
        return self._write(form.settings()) or says

    def _write(self, settings: dict[Where, Value]) -> Wrong | None:
        """Keep the settings, unless the environment has the last word on one of them."""
        config = keep(self._file, settings)
        for where, value in settings.items():
            if value is not None and _setting(config, where) != value:
                name = "__".join(where).upper()
                return Wrong(
                    field="",
                    sentence="Another value is set where I am started, and it goes first.",
                    step=f"Take STEWARD_{name} (or STEWARD_{name}_FILE) out there.",
                )
        self._config = config
        return None

    async def _telegram_state(self) -> dict[str, object]:
        is_set = bool(self._config.telegram.token.get_secret_value())
        account = await telegram_link.account(self._outbox) if is_set else ""
        paired = is_set and await telegram_link.is_paired(self._outbox)
        state: dict[str, object] = {"set": is_set, "account": account, "paired": paired}
        if account and not paired:
            link = await telegram_link.link(self._outbox, account)
            state |= {"link": link, "picture": telegram_link.picture(link)}
        return state

    async def _slack_state(self) -> dict[str, object]:
        is_set = bool(self._config.slack.bot_token.get_secret_value())
        paired = is_set and await slack_link.is_paired(self._outbox)
        state: dict[str, object] = {"set": is_set, "paired": paired}
        if is_set and not paired:
            state["words"] = await slack_link.invitation(self._outbox)
        return state


def _about_mail(mail: Mail) -> str:
    folder = mail.imap.folder if mail.imap else ""
    return (
        f"Mail is connected: I send from {mail.from_address} once you approve, and take in what "
        f'you move into the folder "{folder}".'
    )


def _mail_state(config: Config) -> dict[str, object]:
    mail = config.mail
    state: dict[str, object] = {
        "set": mail.smtp is not None,
        "address": mail.from_address,
        "has_password": mail.smtp is not None and opens(mail.smtp),
    }
    if mail.smtp is not None:
        smtp = {"smtp_host": mail.smtp.host, "smtp_port": mail.smtp.port}
        state |= {**smtp, "smtp_security": mail.smtp.security, "username": mail.smtp.username}
    if mail.imap is not None:
        imap = {"imap_host": mail.imap.host, "imap_port": mail.imap.port}
        state |= {**imap, "imap_security": mail.imap.security, "folder": mail.imap.folder}
    return state


def _setting(config: Config, where: Where) -> object:
    value: object = config
    for step in where:
        value = getattr(value, step, None)
    return trial.plain(value) if not isinstance(value, str | int | float) else value


async def _fields(request: Request) -> Fields:
    sent: object = await request.json()
    if not isinstance(sent, dict):
        raise HTTPException(400, "That is no form.")
    fields = {
        str(name): str(value).strip() for name, value in cast("dict[str, object]", sent).items()
    }
    if any(len(value) > _LONGEST for value in fields.values()):
        raise HTTPException(413, "That is too long for a setting.")
    return fields
