from jobs.connector import Connector
from jobs.connectors.calendar_file import CalendarFileConnector
from jobs.connectors.mail import MailConnector


def test_a_connector_is_whoever_can_apply_and_find():
    wanted = {name for name in vars(Connector) if not name.startswith("_")}

    assert wanted == {"apply", "find", "kinds"}
    for one in (MailConnector, CalendarFileConnector):
        assert wanted <= set(dir(one))
