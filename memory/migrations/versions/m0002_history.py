"""History is read by one look at an index, and the search index by the record's own place."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the index for "as of", and give every record its own place in the search index."""
    op.create_index(
        "ix_revision_record_valid_from", "revision", ["record", "valid_from", "version"]
    )
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    found = connection.execute(sa.text("SELECT record, words FROM search")).all()
    op.execute("DELETE FROM search")
    for row in found:
        place = int.from_bytes(hashlib.sha256(row.record.encode()).digest()[:8], "big") >> 1
        connection.execute(
            sa.text("INSERT INTO search (rowid, record, words) VALUES (:place, :record, :words)"),
            {"place": place, "record": row.record, "words": row.words},
        )


def downgrade() -> None:
    """Histories only grow: going back means restoring the backup made before."""
    message = "restore the backup made before this migration"
    raise NotImplementedError(message)
