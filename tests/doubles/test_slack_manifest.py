"""The part of YAML that manifests are written in is read as it is meant."""

from tests.doubles.slack_manifest import parsed

TEXT = """
# a remark
name: Steward
features:
  home: true
  commands:
    - command: /steward
      hint: "do: it"
    - command: /other
scopes:
  bot:
    - chat:write
    - users:read.email
"""


def test_maps_lists_words_and_yes_or_no():
    assert parsed(TEXT) == {
        "name": "Steward",
        "features": {
            "home": True,
            "commands": [{"command": "/steward", "hint": "do: it"}, {"command": "/other"}],
        },
        "scopes": {"bot": ["chat:write", "users:read.email"]},
    }
