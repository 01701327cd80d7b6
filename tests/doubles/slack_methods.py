"""Slack's Web API, method by method: what each needs, does and answers."""

from collections.abc import Callable
from typing import Any

from tests.doubles.slack_blocks import Json, fault_in
from tests.doubles.slack_workspace import (
    BOT,
    BOT_USER,
    TEAM,
    ApiError,
    File,
    Message,
    View,
    Workspace,
)

Method = Callable[[Workspace, Json, str], Json]

SCOPES: dict[str, tuple[str, ...]] = {
    "auth.test": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": ("im:history",),
    "conversations.open": ("im:write",),
    "conversations.replies": ("im:history",),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "reactions.add": ("reactions:write",),
    "users.info": ("users:read",),
    "views.open": (),
    "views.publish": (),
}
"""Which permissions a bot token needs for each method."""
EVENTS: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_uninstalled": (),
    "message.im": ("im:history",),
    "tokens_revoked": (),
}
"""And which to be told of each event."""


def auth_test(_workspace: Workspace, _given: Json, url: str) -> Json:
    return {
        "url": f"{url}/",
        "team": "Reyes Studio",
        "user": "steward",
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT,
        "is_enterprise_install": False,
    }


def chat_post_message(workspace: Workspace, given: Json, _url: str) -> Json:
    chat = workspace.chat(given["channel"])
    _check(given, "message")
    message = Message(
        ts=workspace.stamp(),
        user=BOT_USER,
        bot_id=BOT,
        source=given.get("text", ""),
        blocks=given.get("blocks") or [],
        thread_ts=given.get("thread_ts", ""),
        metadata=given.get("metadata"),
        options=given,
    )
    chat.messages.append(message)
    return {"channel": chat.id, "ts": message.ts, "message": message.wire()}


def chat_update(workspace: Workspace, given: Json, _url: str) -> Json:
    message = workspace.chat(given["channel"]).find(given["ts"])
    if message.bot_id != BOT:
        raise ApiError("cant_update_message")
    _check(given, "message")
    message.source, message.blocks = given.get("text", ""), given.get("blocks") or []
    message.edits += 1
    return {"channel": given["channel"], "ts": message.ts, "text": message.source}


def chat_post_ephemeral(workspace: Workspace, given: Json, _url: str) -> Json:
    _check(given, "message")
    shown = Message(
        ts=workspace.stamp(),
        user=BOT_USER,
        source=given["text"],
        blocks=given.get("blocks") or [],
        thread_ts=given.get("thread_ts", ""),
        only_for=given["user"],
    )
    workspace.chat(given["channel"]).asides.append(shown)
    return {"message_ts": shown.ts}


def conversations_history(workspace: Workspace, given: Json, _url: str) -> Json:
    found = [one for one in workspace.chat(given["channel"]).messages if not one.is_deleted]
    limit = int(given.get("limit", 100))
    found = [one for one in found if one.ts > str(given.get("oldest", ""))]
    wires = [
        one.wire() | _replies(workspace, given["channel"], one.ts)
        for one in reversed(found)
        if not one.thread_ts
    ][:limit]
    if not _is_yes(given.get("include_all_metadata")):
        for one in wires:
            one.pop("metadata", None)
    return {"messages": wires, "has_more": len(found) > limit}


def conversations_replies(workspace: Workspace, given: Json, _url: str) -> Json:
    chat = workspace.chat(given["channel"])
    parent = chat.find(given["ts"])
    found = [one for one in chat.messages if one.thread_ts == parent.ts and not one.is_deleted]
    later = [one for one in found if one.ts > str(given.get("oldest", ""))]
    return {"messages": [parent.wire(), *(one.wire() for one in later)], "has_more": False}


def _replies(workspace: Workspace, chat: str, ts: str) -> Json:
    found = [one.ts for one in workspace.chat(chat).messages if one.thread_ts == ts]
    return {"reply_count": len(found), "latest_reply": found[-1]} if found else {}


def conversations_open(workspace: Workspace, given: Json, _url: str) -> Json:
    user = given["users"]
    if user not in workspace.people:
        raise ApiError("user_not_found")
    return {"channel": {"id": workspace.direct(user).id}}


def reactions_add(workspace: Workspace, given: Json, _url: str) -> Json:
    message = workspace.chat(given["channel"]).find(given["timestamp"])
    if given["name"] in message.reactions:
        raise ApiError("already_reacted")
    message.reactions.append(given["name"])
    return {}


def users_info(workspace: Workspace, given: Json, _url: str) -> Json:
    if given["user"] not in workspace.people:
        raise ApiError("user_not_found")
    return {"user": workspace.people[given["user"]]}


def views_open(workspace: Workspace, given: Json, _url: str) -> Json:
    _check(given["view"], "modal")
    user = workspace.redeem(given["trigger_id"])
    if len(given["view"].get("title", {}).get("text", "")) > 24:
        raise ApiError("invalid_arguments")
    view = View(f"V{workspace.number()}", user, given["view"])
    workspace.modals[user] = view
    return {"view": view.wire()}


def views_publish(workspace: Workspace, given: Json, _url: str) -> Json:
    _check(given["view"], "home")
    view = View(f"V{workspace.number()}", given["user_id"], given["view"])
    workspace.homes[view.user] = view
    return {"view": view.wire()}


def files_get_upload_url(workspace: Workspace, given: Json, url: str) -> Json:
    name = f"F{workspace.number()}"
    workspace.uploads[name] = File(name, given["filename"], "text/plain", b"")
    return {"upload_url": f"{url}/upload/{name}", "file_id": name}


def files_complete_upload(workspace: Workspace, given: Json, _url: str) -> Json:
    files = [workspace.uploads.pop(one["id"]) for one in given["files"]]
    chat = workspace.chat(given["channel_id"])
    if given.get("thread_ts"):
        chat.find(given["thread_ts"])
    chat.messages.append(
        Message(
            ts=workspace.stamp(),
            user=BOT_USER,
            bot_id=BOT,
            files=files,
            thread_ts=given.get("thread_ts", ""),
        )
    )
    return {"files": [one.wire() for one in files]}


METHODS: dict[str, Method] = {
    "auth.test": auth_test,
    "chat.postEphemeral": chat_post_ephemeral,
    "chat.postMessage": chat_post_message,
    "chat.update": chat_update,
    "conversations.history": conversations_history,
    "conversations.open": conversations_open,
    "conversations.replies": conversations_replies,
    "files.completeUploadExternal": files_complete_upload,
    "files.getUploadURLExternal": files_get_upload_url,
    "reactions.add": reactions_add,
    "users.info": users_info,
    "views.open": views_open,
    "views.publish": views_publish,
}


def _check(given: Json, place: str) -> None:
    fault = fault_in(given.get("blocks") or [], place)
    if fault:
        raise ApiError("invalid_blocks", response_metadata={"messages": [fault]})
    if place == "message" and not given.get("text") and not given.get("blocks"):
        raise ApiError("no_text")
    if len(given.get("private_metadata", "")) > 3000:
        raise ApiError("invalid_arguments")


def _is_yes(value: Any) -> bool:
    return value in (True, "true", "True", "1", 1)
