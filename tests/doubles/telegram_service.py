"""The methods by which a bot is served and presents itself: updates, web hook, profile."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, Json

from tests.doubles.telegram_account import Account, Webhook, bad_request
from tests.doubles.telegram_method import Method
from tests.doubles.telegram_text import JsonDict


class GetMe(Method):
    def answer(self, account: Account) -> object:
        return account.bot.wire() | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }


class GetUpdates(Method):
    """Answered by the server, because it may wait."""

    offset: int = 0
    limit: int = 100
    timeout: int = Field(default=0, ge=0)
    """Seconds to wait for a first update."""
    allowed_updates: Json[tuple[str, ...]] | None = None


class SetWebhook(Method):
    url: str
    secret_token: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]{1,256}$")
    allowed_updates: Json[tuple[str, ...]] | None = None
    drop_pending_updates: bool = False
    max_connections: int = Field(default=40, ge=1, le=100)

    def answer(self, account: Account) -> object:
        if not self.url.startswith(("https://", "http://127.0.0.1:")):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if self.allowed_updates is not None:
            account.updates.allowed = frozenset(self.allowed_updates)
        if self.drop_pending_updates:
            account.updates.clear()
        account.webhook = Webhook(self.url, self.secret_token) if self.url else None
        account.bell.ring()
        return True


class DeleteWebhook(Method):
    drop_pending_updates: bool = False

    def answer(self, account: Account) -> object:
        if self.drop_pending_updates:
            account.updates.clear()
        account.webhook = None
        return True


class GetWebhookInfo(Method):
    def answer(self, account: Account) -> object:
        hook = account.webhook
        info: JsonDict = {
            "url": hook.url if hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(account.updates.pending),
        }
        if account.updates.allowed:
            info["allowed_updates"] = sorted(account.updates.allowed)
        if hook and hook.last_error and hook.last_error_at:
            info["last_error_date"] = int(hook.last_error_at.timestamp())
            info["last_error_message"] = hook.last_error
        return info


class Command(BaseModel):
    command: str = Field(pattern=r"^[a-z0-9_]{1,32}$")
    description: str = Field(min_length=1, max_length=256)


class _Profile(Method):
    """Something the bot says about itself; the account keeps it as it came."""

    def answer(self, account: Account) -> object:
        account.profile[type(self).__name__] = self.model_dump(mode="json", exclude_none=True)
        account.bell.ring()
        return True


class SetMyCommands(_Profile):
    commands: Json[Annotated[tuple[Command, ...], Field(max_length=100)]]
    scope: Json[dict[str, object]] | None = None
    language_code: str | None = None


class SetMyDescription(_Profile):
    description: str = Field(default="", max_length=512)
    language_code: str | None = None


class SetMyShortDescription(_Profile):
    short_description: str = Field(default="", max_length=120)
    language_code: str | None = None


class MenuButton(BaseModel):
    type: Literal["commands", "web_app", "default"]


class SetChatMenuButton(_Profile):
    chat_id: int | None = None
    menu_button: Json[MenuButton] | None = None
