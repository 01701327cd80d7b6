"""People on Slack: who belongs to another company, and what somebody is called."""

from bot.parcels import named
from bot.slack_client import Declined, Identity, SlackClient
from bot.slack_json import Json, part, words

_TEAM_OF_A_WRITER = ("team", "user_team", "source_team")


def stranger_in(body: Json, identity: Identity) -> bool:
    """Whether a request speaks of anybody's workspace but ours.

    Companies can share a channel; then people of both write there under ids of their own.
    """
    ours = {identity.team, identity.enterprise} - {""}
    return any(team not in ours for team in _teams(body))


async def author(client: SlackClient, message: Json) -> str:
    """Who wrote a message: name and address as far as Slack tells; empty when it does not.

    Raises:
        Unavailable: Slack was not reached.
    """
    person = words(message, "user")
    if not person:
        return named(words(message, "username"))
    try:
        found = await client.call("users_info", user=person)
    except Declined:
        return ""
    user, profile = part(found, "user"), part(found, "user", "profile")
    name = words(profile, "real_name") or words(user, "real_name") or words(user, "name")
    address = words(profile, "email")
    return named(name, address)


def _teams(body: Json) -> set[str]:
    event, message = part(body, "event"), part(body, "event", "message")
    said = [
        words(body, "team_id"),
        words(part(body, "team"), "id"),
        words(part(body, "user"), "team_id"),
        *(words(one, name) for one in (event, message) for name in _TEAM_OF_A_WRITER),
    ]
    return {one for one in said if one}
