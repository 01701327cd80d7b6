"""Mail in the configuration; its faults are told with all others in test_config.py."""

from memory.config import load


def test_where_mail_is_taken_in_is_read_with_its_language():
    token = "abcdefgh12345678"
    inbound = load(
        None,
        {
            "STEWARD_MAIL__INBOUND__LISTEN": "lmtp://127.0.0.1:2525",
            "STEWARD_MAIL__INBOUND__TOKEN": token,
        },
    ).mail.inbound

    assert (inbound.is_lmtp, inbound.place) == (True, ("127.0.0.1", 2525))


def test_a_token_for_a_mail_server_may_come_from_the_environment():
    config = load(
        None,
        {
            "STEWARD_MAIL__OAUTH__ACCESS_TOKEN": "ya29",
            "STEWARD_MAIL__IMAP__HOST": "imap.example",
            "STEWARD_MAIL__IMAP__USERNAME": "dana",
            "STEWARD_MAIL__IMAP__AUTH": "xoauth2",
        },
    )

    assert config.mail.imap is not None
    assert config.mail.imap.auth == "xoauth2"
    assert "ya29" not in repr(config)
