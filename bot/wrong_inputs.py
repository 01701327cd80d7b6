"""What each wrong input in the settings is told: one sentence, and one next step, at its field."""

from memory.reach import Obstacle
from memory.records.shape import Frozen


class Wrong(Frozen):
    """One wrong input, as it is told next to its field."""

    field: str
    """The field's name in the form; empty for the form as a whole."""
    sentence: str
    step: str


EMPTY, SHAPE, OPEN = "empty", "shape", "open"

_O = Obstacle
_ONLINE = "Check that this computer is online, then try again."
_LATER = "Nothing is lost. Wait a little, then try again."
_CLOCK = (
    "Check the server's name and this computer's date. If both are right, ask your mail provider."
)
_NAME = "Check the name for a slip of the keyboard, and that this computer is online."
_PORT = "Check the port; your mail provider's help page has it."
_OTHER_PORT = "Choose another kind of security, or the port that belongs to it."
_PASSWORD = "Usually it wants an app password, made in your mail account's settings."  # noqa: S105 - advice
_ALLOWED_ANEW = (
    "Get a new token from your provider, put it under [mail.oauth] in config.toml; start me again."
)
_LOOK = "Check that this computer is online. If it is, wait a little, then try again."

TABLE: dict[tuple[str, str], tuple[str, str, str]] = {
    # Telegram
    ("telegram", EMPTY): (
        "token",
        "There is no token yet.",
        "Copy it from BotFather's message and paste it here.",
    ),
    ("telegram", SHAPE): (
        "token",
        "That is not a bot's token.",
        "It is one line like 123456789:AAF-x3, digits first, then a colon. Copy all of it.",
    ),
    ("telegram", _O.PASSWORD): (
        "token",
        "Telegram doesn't know this token.",
        "In BotFather send /mybots, choose your bot, then API Token, and copy it again.",
    ),
    ("telegram", _O.NAME): ("token", "I can't find {host}.", _ONLINE),
    ("telegram", _O.CLOSED): ("token", "Nobody answers at {host}.", _ONLINE),
    ("telegram", _O.SILENT): ("token", "{host} didn't answer in time.", _ONLINE),
    ("telegram", _O.GONE): ("token", "I can't reach {host}.", _ONLINE),
    ("telegram", _O.CERTIFICATE): (
        "token",
        "{host} can't prove that it is Telegram.",
        "Check this computer's date, and try another network.",
    ),
    ("telegram", _O.PLAIN): (
        "token",
        "{host} doesn't speak an encrypted language.",
        "Check api_url under [telegram] in config.toml.",
    ),
    ("telegram", _O.STRANGE): (
        "token",
        "What answers at {host} is not Telegram.",
        "Check api_url under [telegram] in config.toml, or try another network.",
    ),
    ("telegram", _O.SPENT): ("token", "Telegram asks me to slow down.", _LATER),
    # Slack
    ("slack_bot", EMPTY): (
        "bot_token",
        "There is no bot token yet.",
        "Copy it from your Slack app's page, under OAuth & Permissions.",
    ),
    ("slack_bot", SHAPE): (
        "bot_token",
        "That is not a bot token.",
        "It begins with xoxb- and is on your Slack app's page, under OAuth & Permissions.",
    ),
    ("slack_bot", _O.PASSWORD): (
        "bot_token",
        "Slack doesn't accept this bot token.",
        "Install the app to your workspace again, and copy the new token.",
    ),
    ("slack_app", EMPTY): (
        "app_token",
        "There is no app token yet.",
        "Make one on your Slack app's page, under Basic Information, App-Level Tokens.",
    ),
    ("slack_app", SHAPE): (
        "app_token",
        "That is not an app token.",
        "It begins with xapp- and is on your Slack app's page, under Basic Information.",
    ),
    ("slack_app", _O.PASSWORD): (
        "app_token",
        "Slack doesn't accept this app token.",
        "Make a new one on your Slack app's page, under Basic Information.",
    ),
    ("slack_app", _O.SCOPE): (
        "app_token",
        "This app token may not open a connection.",
        "On your Slack app's page give it connections:write, and turn Socket Mode on.",
    ),
    ("slack", _O.NAME): ("bot_token", "I can't find {host}.", _ONLINE),
    ("slack", _O.CLOSED): ("bot_token", "Nobody answers at {host}.", _ONLINE),
    ("slack", _O.SILENT): ("bot_token", "{host} didn't answer in time.", _ONLINE),
    ("slack", _O.GONE): ("bot_token", "I can't reach {host}.", _ONLINE),
    ("slack", _O.CERTIFICATE): (
        "bot_token",
        "{host} can't prove that it is Slack.",
        "Check this computer's date, and try another network.",
    ),
    ("slack", _O.PLAIN): (
        "bot_token",
        "{host} doesn't speak an encrypted language.",
        "Check api_url under [slack] in config.toml.",
    ),
    ("slack", _O.STRANGE): (
        "bot_token",
        "What answers at {host} is not Slack.",
        "Check api_url under [slack] in config.toml, or try another network.",
    ),
    ("slack", _O.SPENT): ("bot_token", "Slack asks me to slow down.", _LATER),
    # mail
    ("address", EMPTY): (
        "address",
        "There is no address yet.",
        "Put in the address your mail comes from.",
    ),
    ("address", SHAPE): (
        "address",
        '"{name}" is not a mail address.',
        "Write it like dana@reyesstudio.example.",
    ),
    ("address", "closed"): (
        "address",
        "{name}",
        "Use an address of another provider, or forward your mail to one.",
    ),
    ("password", EMPTY): ("password", "There is no password yet.", "{help}"),
    ("smtp_host", EMPTY): (
        "smtp_host",
        "I don't know where your mail is sent from.",
        "Put in the name of the outgoing server, such as smtp.{domain}.",
    ),
    ("smtp_host", SHAPE): (
        "smtp_host",
        '"{host}" is not the name of a server.',
        "Write it like smtp.{domain}, without http:// and without a port.",
    ),
    ("smtp_port", SHAPE): (
        "smtp_port",
        '"{port}" is not a port.',
        "Usually it is 587, or 465 with TLS.",
    ),
    ("imap_host", EMPTY): (
        "imap_host",
        "I don't know where your mailbox is.",
        "Put in the name of the incoming server, such as imap.{domain}.",
    ),
    ("imap_host", SHAPE): (
        "imap_host",
        '"{host}" is not the name of a server.',
        "Write it like imap.{domain}, without http:// and without a port.",
    ),
    ("imap_port", SHAPE): ("imap_port", '"{port}" is not a port.', "Usually it is 993, with TLS."),
    ("smtp_security", OPEN): (
        "smtp_security",
        "Your password would travel to {host} for everyone to read.",
        "Choose STARTTLS or TLS.",
    ),
    ("imap_security", OPEN): (
        "imap_security",
        "Your password would travel to {host} for everyone to read.",
        "Choose TLS or STARTTLS.",
    ),
    ("smtp", _O.PASSWORD): ("password", "{host} refused this password.", "{help}"),
    ("smtp", _O.TOKEN): (
        "password",
        "{host} refused the access token for {user}; nothing was sent.",
        _ALLOWED_ANEW,
    ),
    ("smtp", _O.SCOPE): (
        "address",
        "{host} sends nothing from {name}.",
        "Put in the address that belongs to this account.",
    ),
    ("smtp", _O.NAME): ("smtp_host", "There is no server called {host}.", _NAME),
    ("smtp", _O.CLOSED): ("smtp_port", "{host} takes no mail at port {port}.", _PORT),
    ("smtp", _O.SILENT): ("smtp_port", "{host} didn't answer at port {port}.", _PORT),
    ("smtp", _O.GONE): ("smtp_host", "I get no useful answer from {host} just now.", _LOOK),
    ("smtp", _O.CERTIFICATE): (
        "smtp_host",
        "{host} can't prove that it is your mail server, so I gave it no password.",
        _CLOCK,
    ),
    ("smtp", _O.PLAIN): (
        "smtp_security",
        "{host} doesn't speak that kind of security at port {port}.",
        _OTHER_PORT,
    ),
    ("smtp", _O.STRANGE): (
        "smtp_port",
        "What answers at {host}, port {port}, is no mail server.",
        _PORT,
    ),
    ("imap", _O.PASSWORD): ("password", "{host} refused this password.", "{help}"),
    ("imap", _O.TOKEN): (
        "password",
        "{host} refused the access token for {user}.",
        _ALLOWED_ANEW,
    ),
    ("imap", _O.NAME): ("imap_host", "There is no server called {host}.", _NAME),
    ("imap", _O.CLOSED): ("imap_port", "{host} opens no mailbox at port {port}.", _PORT),
    ("imap", _O.SILENT): ("imap_port", "{host} didn't answer at port {port}.", _PORT),
    ("imap", _O.GONE): ("imap_host", "I get no useful answer from {host} just now.", _LOOK),
    ("imap", _O.CERTIFICATE): (
        "imap_host",
        "{host} can't prove that it is your mail server, so I gave it no password.",
        _CLOCK,
    ),
    ("imap", _O.PLAIN): (
        "imap_security",
        "{host} doesn't speak that kind of security at port {port}.",
        _OTHER_PORT,
    ),
    ("imap", _O.STRANGE): (
        "imap_port",
        "What answers at {host}, port {port}, is no mailbox.",
        _PORT,
    ),
    ("imap", _O.FOLDER): (
        "folder",
        'Your mailbox has no folder "{name}", and I may not make one.',
        "Make it in your mail program, or name one that is there.",
    ),
    # a model
    ("base_url", EMPTY): (
        "base_url",
        "There is no address yet.",
        "Put in your provider's, or http://127.0.0.1:11434/v1 for a model on this computer.",
    ),
    ("base_url", SHAPE): (
        "base_url",
        '"{host}" is not an address.',
        "It begins with https:// and mostly ends with /v1.",
    ),
    ("model_name", EMPTY): (
        "model_name",
        "The model has no name yet.",
        "Put in its name as your provider writes it.",
    ),
    ("model", _O.PASSWORD): (
        "api_key",
        "{host} refused this key.",
        "Make a new key in your provider's account, and paste all of it.",
    ),
    ("model", _O.MODEL): (
        "model_name",
        '{host} knows no model "{name}".',
        "Check its name, and that the address is as your provider writes it (often with /v1).",
    ),
    ("model", _O.SPENT): (
        "api_key",
        "{host} doesn't answer for this key now: too many questions, or no money left.",
        "Look into your account with your provider, then try again.",
    ),
    ("price", SHAPE): (
        "price",
        '"{name}" is no price of tokens.',
        "Write what a million cost, in and out, such as 0.05 / 0.40.",
    ),
    ("model", _O.PRICE): (
        "price",
        "I don't know what {name} costs in {currency}, so I don't ask it.",
        'Put {which}_price = "0.05 / 0.40" under [models]: a million tokens, in / out.',
    ),
    ("model", _O.BUDGET): (
        "model_name",
        "Today's money for models is spent, so I can't try {name}.",
        "Try again tomorrow, or put more under [budget] in config.toml.",
    ),
    ("model", _O.NAME): ("base_url", "There is no server called {host}.", _NAME),
    ("model", _O.CLOSED): (
        "base_url",
        "Nobody answers at {host}.",
        "Start the model there, or check the address.",
    ),
    ("model", _O.SILENT): (
        "base_url",
        "{host} didn't answer in time.",
        "A model on this computer may still be loading: try again in a minute.",
    ),
    ("model", _O.GONE): ("base_url", "I can't reach {host}.", _ONLINE),
    ("model", _O.CERTIFICATE): (
        "base_url",
        "{host} can't prove that it is who it says, so I gave it no key.",
        "Check the address and this computer's date.",
    ),
    ("model", _O.PLAIN): (
        "base_url",
        "{host} doesn't speak an encrypted language.",
        "For a model on this computer write http:// instead of https://.",
    ),
    ("model", _O.STRANGE): (
        "base_url",
        "What answers at {host} is no model, or it is out of order.",
        "Check the address; mostly it ends with /v1.",
    ),
}
"""What was tried and what was wrong with it -> field, sentence, next step."""


def wrong(tried: str, why: str, **facts: str) -> Wrong:
    """What a wrong input is told.

    Args:
        tried: What was tried, as in the table.
        why: EMPTY, SHAPE, OPEN, or what stood in the way.
        facts: What the sentence names: host, port, name, user, domain, help.
    """
    row = TABLE.get((tried, why)) or TABLE[tried, Obstacle.GONE]
    field, sentence, step = row
    empty = dict.fromkeys(("host", "port", "name", "user", "domain", "which", "currency"), "")
    filled = {**empty, **facts}
    filled["help"] = filled.get("help") or _PASSWORD
    return Wrong(field=field, sentence=sentence.format(**filled), step=step.format(**filled))
