"""Actions in many parts under one yes, and what has left by when."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add what joins parts, and the table of departures; what left before counts no more."""
    op.add_column("action", sa.Column("part_of", sa.String(40)))
    op.add_column("action", sa.Column("part_revision", sa.Integer()))
    op.create_index("ix_action_part_of", "action", ["part_of"])
    op.create_index("ix_notice_kind_answered", "notice", ["kind", "answered"])
    op.create_table(
        "departure",
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("part", sa.Boolean(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("action", "revision", "recipient", name="pk_departure"),
    )
    op.create_index("ix_departure_kind_at", "departure", ["kind", "at"])
    op.create_index("ix_departure_recipient_at", "departure", ["recipient", "at"])


def downgrade() -> None:
    """Histories only grow: going back means restoring the backup made before."""
    message = "restore the backup made before this migration"
    raise NotImplementedError(message)
