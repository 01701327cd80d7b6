"""Every table, as SQLAlchemy sees it. The schema itself is made by the migrations."""

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)


class Instant(TypeDecorator[datetime]):
    """A moment as fixed-width UTC text: sorts as time and reads as time in any SQL shell."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Aware datetime to text."""
        return None if value is None else instant_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Text to aware datetime."""
        if value is None:
            return None
        return datetime.fromisoformat(value)


def instant_text(moment: datetime) -> str:
    """A moment as the database holds it.

    Raises:
        ValueError: It names no zone.
    """
    if moment.tzinfo is None:
        message = "a moment needs a zone"
        raise ValueError(message)
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

source = Table(
    "source",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("native_id", Text, nullable=False),
    Column("chat", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("label", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("files", Text, nullable=False),
    Column("forwarded", Boolean, nullable=False),
    Column("reply_to", String(40)),
    Column("received_at", Instant, nullable=False),
    Column("settled_at", Instant),
    UniqueConstraint("channel", "native_id"),
    Index("ix_source_received_at", "received_at"),
)

run = Table(
    "run",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("source", String(40), nullable=False, index=True),
    Column("agent", String(40), nullable=False),
    Column("version", String(20), nullable=False),
    Column("step", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("owner", String(40)),
    Column("lease_until", Instant),
    Column("due_at", Instant, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("intents", Text, nullable=False),
    Column("tier", String(12), nullable=False, server_default=""),
    Column("input_digest", String(64), nullable=False, server_default=""),
    Column("output", Text),
    Column("tokens", Integer, nullable=False, server_default="0"),
    Column("cost_micro", Integer, nullable=False, server_default="0"),
    Column("latency_ms", Integer, nullable=False, server_default="0"),
    Column("outcome", Text, nullable=False, server_default=""),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Index("ix_run_state_due_at", "state", "due_at"),
)

record = Table(
    "record",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("data", Text),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("kind", "key"),
    Index("ix_record_kind_updated_at", "kind", "updated_at"),
)

revision = Table(
    "revision",
    metadata,
    Column("record", String(40), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("key", Text, nullable=False),
    Column("data", Text),
    Column("valid_from", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("author", String(60), nullable=False),
    Column("action", String(40), index=True),
    Column("sources", Text, nullable=False),
    Column("rationale", Text, nullable=False),
    Column("provenance", Text, nullable=False),
    Index("ix_revision_record_valid_from", "record", "valid_from", "version"),
)

action = Table(
    "action",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("source", String(40), nullable=False, index=True),
    Column("run", String(40), nullable=False),
    Column("agent", String(60), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("heading", Text, nullable=False),
    Column("effect", Text, nullable=False),
    Column("then", Text, nullable=False),
    Column("rationale", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("cost_micro", Integer, nullable=False, server_default="0"),
    Column("state", String(14), nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("key", String(40), nullable=False),
    Column("compensates", String(40)),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("hold_until", Instant),
    Column("due_at", Instant),
    Column("late_since", Instant),
    Column("approved_by", Text),
    Column("approved_at", Instant),
    Column("approved_digest", String(64)),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("owner", String(40)),
    Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("trouble", Text, nullable=False, server_default=""),
    Column("hint", Text, nullable=False, server_default=""),
    Column("receipt", Text),
    Column("part_of", String(40)),
    Column("part_revision", Integer),
    Column("moved_by", String(10), nullable=False, server_default=""),
    Index("ix_action_state_due_at", "state", "due_at"),
    Index("ix_action_compensates", "compensates"),
    Index("ix_action_part_of", "part_of"),
)

allowed_transition = Table(
    "allowed_transition",
    metadata,
    Column("from_state", String(14), primary_key=True),
    Column("to_state", String(14), primary_key=True),
    Column("actor_class", String(10), primary_key=True),
)
"""What the triggers on `action` look into; memory/transitions.py says what is in it."""

departure = Table(
    "departure",
    metadata,
    Column("action", String(40), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("recipient", Text, primary_key=True),
    Column("kind", String(30), nullable=False),
    Column("part", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_departure_kind_at", "kind", "at"),
    Index("ix_departure_recipient_at", "recipient", "at"),
)
"""What has passed the last check, once for each recipient; written in that transaction. Limits
count it. `part` says whether it is one of many under one yes, which leave at a pace."""

verdict = Table(
    "verdict",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("action", String(40), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("phase", String(10), nullable=False),
    Column("guard", String(40), nullable=False),
    Column("level", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

decision = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("notice", String(40), nullable=False),
    Column("action", String(40), index=True),
    Column("revision", Integer),
    Column("verb", String(12), nullable=False),
    Column("door", String(20), nullable=False),
    Column("actor", Text, nullable=False),
    Column("native_id", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("accepted", Boolean, nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

notice = Table(
    "notice",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("kind", String(10), nullable=False),
    Column("text", Text, nullable=False),
    Column("action", String(40), index=True),
    Column("revision", Integer),
    Column("source", String(40), index=True),
    Column("run", String(40)),
    Column("question", Text),
    Column("answered", Text, nullable=False, server_default=""),
    Column("file", Text),
    Column("rings", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("stamp", Integer, nullable=False, index=True),
    Index("ix_notice_kind_answered", "kind", "answered"),
)
"""`stamp` grows over all notices with every change of what a notice shows: a pump reads
everything above the last stamp it has seen."""

ring = Table(
    "ring",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("notice", String(40), nullable=False, index=True),
    Column("at", Instant, nullable=False, index=True),
    Column("about", String(40), nullable=False, index=True),
    Column("rang", Boolean, nullable=False),
    Column("heard_in", String(40)),
)
"""What asked for the owner's attention: whether it rang, and if not, which notice told of it.
While neither is so, it is kept for the next summary. `about` is a Source or a trouble."""

delivery = Table(
    "delivery",
    metadata,
    Column("notice", String(40), primary_key=True),
    Column("door", String(20), primary_key=True),
    Column("chat", Text, primary_key=True),
    Column("message", Text),
    Column("shown", String(64), nullable=False, server_default=""),
    Column("stamp", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", Instant),
    Column("trouble", Text, nullable=False, server_default=""),
)

button = Table(
    "button",
    metadata,
    Column("token", String(32), primary_key=True),
    Column("door", String(20), nullable=False),
    Column("chat", Text, nullable=False),
    Column("notice", String(40), nullable=False, index=True),
    Column("revision", Integer),
    Column("digest", String(64)),
    Column("verb", String(12), nullable=False),
    Column("choice", Integer),
    Column("made_at", Instant, nullable=False),
)

pairing = Table(
    "pairing",
    metadata,
    Column("door", String(20), primary_key=True),
    Column("person", Text, primary_key=True),
    Column("chat", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("since", Integer, nullable=False, server_default="0"),
    Column("blocked_at", Instant),
)

budget = Table(
    "budget",
    metadata,
    Column("run", String(40), primary_key=True),
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    Column("day", String(10), nullable=False, index=True),
    Column("agent", String(40), nullable=False),
    Column("reserved_micro", Integer, nullable=False),
    Column("settled_micro", Integer),
    Column("at", Instant, nullable=False),
    Column("customer", String(40), nullable=False, server_default=""),
    Column("model", String(12), nullable=False, server_default=""),
)
"""One call of a model: `customer` is the record of who it was for, empty for the owner; `model`
is "small" or "large"."""

allowance = Table(
    "allowance",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("day", String(10), nullable=False, index=True),
    Column("micro", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)
"""What the owner has added to a day's money for models."""

presence = Table(
    "presence",
    metadata,
    Column("worker", String(40), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("beats", Integer, nullable=False),
)

absence = Table(
    "absence",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("began", Instant, nullable=False),
    Column("ended", Instant, nullable=False),
    Column("told", Boolean, nullable=False, server_default=false()),
)

ledger = Table(
    "ledger",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("event", String(40), nullable=False),
    Column("subject", String(40), nullable=False, index=True),
    Column("detail", Text, nullable=False),
    Column("seals", String(20), nullable=False),
    Column("sealed_row", Text, nullable=False),
    Column("seal", String(64), nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("mac", String(64), nullable=False),
)
"""`seals` and `sealed_row` name the row whose content `seal` is the digest of; a row's last
entry must match the row as it is."""
