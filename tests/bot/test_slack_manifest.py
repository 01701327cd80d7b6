"""The manifest grants what the code uses, and no more."""

import ast
from pathlib import Path

from bot.slack_desk import FILE_SHORTCUT
from bot.slack_hooks import PATHS
from tests.doubles.slack_manifest import MANIFEST, Manifest
from tests.doubles.slack_methods import EVENTS, SCOPES

BOT = Path(__file__).parents[2] / "bot"
UPLOAD = {"files.getUploadURLExternal", "files.completeUploadExternal"}


def methods_called() -> set[str]:
    """Every method of the Web API that the door's modules call by name."""
    called: set[str] = set()
    for module in BOT.glob("slack*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Call):
                called |= _methods_in(node)
    return called


def _methods_in(call: ast.Call) -> set[str]:
    names = [one.value for one in call.args[:2] if isinstance(one, ast.Constant)]
    is_call = isinstance(call.func, ast.Attribute) and call.func.attr == "call"
    # the same, handed on for later
    is_partial = isinstance(call.func, ast.Name) and call.func.id == "partial"
    if not (is_call or (is_partial and _is_call(call.args[0]))):
        return set()
    assert names, f"a call without a name, line {call.lineno}"
    name = str(names[0])
    return UPLOAD if name == "files_upload_v2" else {name.replace("_", ".", 1)}


def _is_call(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "call"


def words_in(module: str) -> set[str]:
    tree = ast.parse((BOT / module).read_text())
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_permission_is_used_and_every_use_is_permitted():
    called = {_dotted(one) for one in methods_called()} - {"apps.connections.open"}
    needed = {scope for method in called for scope in SCOPES[method]}
    needed |= {scope for event in Manifest.read().events for scope in EVENTS[event]}
    needed |= {
        "commands",  # the slash command and the shortcut
        "files:read",  # bot/slack_inbox.py opens url_private_download
        "users:read.email",  # bot/slack_people.py reads profile.email
    }

    assert Manifest.read().scopes == needed
    assert "email" in words_in("slack_people.py")
    assert "url_private_download" in words_in("slack_inbox.py")


def test_every_event_that_is_asked_for_is_taken_in():
    named = words_in("slack_desk.py") | words_in("slack_messages.py")

    handled = {
        f"message.{kind}" if event == "message" else event
        for event in ("message", "app_home_opened", "app_uninstalled", "tokens_revoked")
        for kind in ("im",)
        if event in named and (event != "message" or kind in named)
    }

    assert Manifest.read().events == handled


def test_the_command_and_the_shortcut_are_ours():
    manifest = Manifest.read()

    assert manifest.commands == {"/steward"}
    assert manifest.shortcuts == {FILE_SHORTCUT}


def test_home_and_chat_are_open_and_buttons_work():
    manifest = Manifest.read()

    assert manifest.features["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    assert manifest.settings["interactivity"]["is_enabled"] is True
    assert manifest.settings["socket_mode_enabled"] is True
    assert manifest.settings["token_rotation_enabled"] is False


def test_it_says_how_to_do_without_a_socket():
    assert all(path in MANIFEST.read_text() for path in PATHS)


def _dotted(name: str) -> str:
    """chat.postMessage from chat_postMessage; apps.connections.open has one more."""
    return name.replace("apps.connections_open", "apps.connections.open")
