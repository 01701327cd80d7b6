"""A setting is put into the owner's file, and nothing else in it changes."""

import stat
from pathlib import Path

import pytest

from memory.config_file import changed, keep
from memory.errors import Misconfigured, Refused, Unavailable

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
TOKEN = ("telegram", "token")


def test_a_value_changes_in_place_and_its_note_stays():
    before = '# mine\n[telegram]\ntoken = ""      # from BotFather\napi_url = ""\n'

    after = changed(before, {TOKEN: "4242:abc"})

    assert after == ('# mine\n[telegram]\ntoken = "4242:abc"  # from BotFather\napi_url = ""\n')


def test_a_new_key_comes_after_the_last_of_its_section():
    before = "[telegram]\n\n# about\napi_url = 'x'\n\n[owner]\nname = \"Dana\"\n"

    after = changed(before, {TOKEN: "1:a"})

    assert after.splitlines()[3:6] == ["api_url = 'x'", 'token = "1:a"', ""]


def test_a_new_section_comes_at_the_end():
    assert changed('[owner]\nname = "D"\n', {("mail", "smtp", "port"): 25}) == (
        '[owner]\nname = "D"\n\n[mail.smtp]\nport = 25\n'
    )


def test_a_section_that_sleeps_in_comments_wakes_where_it_is():
    before = (
        "# [mail.smtp]   # your server\n"
        '# host = "smtp.example"   # its name\n'
        '# username = "me"\n\n[policy]\nmail_hold_s = 60\n'
    )

    after = changed(before, {("mail", "smtp", "host"): "mail.gmx.net"})

    assert after == (
        '[mail.smtp]   # your server\nhost = "mail.gmx.net"  # its name\n'
        '# username = "me"\n\n[policy]\nmail_hold_s = 60\n'
    )


def test_what_is_taken_out_leaves_a_comment_without_its_value():
    before = '[telegram]\ntoken = "4242:secret"  # old\n'

    assert changed(before, {TOKEN: None}) == "[telegram]\n# token = (taken out)  # old\n"
    assert changed("", {TOKEN: None}).strip() == ""


@pytest.mark.parametrize(
    "value", ['quo"te', "back\\slash", "line\nbreak", "ümläut # no note", "tab\t", "\x00\x7f", ""]
)
def test_any_text_survives(tmp_path: Path, value: str):
    config = keep(tmp_path / "config.toml", {("mail", "signature"): value})

    assert config.mail.signature == value


def test_the_whole_example_keeps_every_other_line():
    before = EXAMPLE.read_text()

    after = changed(before, {TOKEN: "1:a", ("mail", "imap", "folder"): "Chief"})

    differ = [
        (old, new)
        for old, new in zip(before.splitlines(), after.splitlines(), strict=True)
        if old != new
    ]
    assert [new.split("#")[0].strip() for _, new in differ] == [
        'token = "1:a"',
        'folder = "Chief"',
    ]


@pytest.mark.parametrize(
    "text",
    [
        "telegram = { api_url = 'x' }\n",
        'telegram.token = "1:a"\n',
        '[telegram]\ntoken = """\nlong\n"""\n',
        '[mail]\nsignature = """\n[telegram]\n"""\n',
    ],
)
def test_a_layout_of_its_own_is_refused_and_stays(tmp_path: Path, text: str):
    file = tmp_path / "config.toml"
    file.write_text(text)

    with pytest.raises(Refused) as refused:
        keep(file, {TOKEN: "2:b"})

    assert "[telegram] token" in refused.value.hint
    assert file.read_text() == text


def test_only_its_owner_can_read_the_file(tmp_path: Path):
    file = tmp_path / "deeper" / "config.toml"

    keep(file, {TOKEN: "1:a"})
    file.chmod(0o644)
    keep(file, {TOKEN: "2:b"})

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in file.parent.iterdir()] == ["config.toml"]


def test_a_wrong_setting_changes_nothing_and_names_the_owners_file(tmp_path: Path):
    file = tmp_path / "config.toml"
    file.write_text('[owner]\nname = "Dana"\n')

    with pytest.raises(Misconfigured) as wrong:
        keep(file, {("mail", "smtp", "port"): 70000})

    assert file.read_text() == '[owner]\nname = "Dana"\n'
    assert all(str(file) in one for one in wrong.value.faults)
    assert [one.name for one in tmp_path.iterdir()] == ["config.toml"]


def test_a_link_stays_a_link(tmp_path: Path):
    (tmp_path / "kept").mkdir()
    real, link = tmp_path / "kept" / "real.toml", tmp_path / "config.toml"
    real.write_text("")
    link.symlink_to(real)

    keep(link, {TOKEN: "1:a"})

    assert link.is_symlink()
    assert 'token = "1:a"' in real.read_text()


def test_a_file_that_cannot_be_written_says_so(tmp_path: Path):
    (tmp_path / "file").write_text("")

    with pytest.raises(Unavailable) as kept:
        keep(tmp_path / "file" / "config.toml", {TOKEN: "1:a"})

    assert "can't write" in kept.value.sentence
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
