"""What asked for the owner's attention, and whether it rang."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table of rings; what was shown before has been seen."""
    op.create_table(
        "ring",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("notice", sa.String(40), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("about", sa.String(40), nullable=False),
        sa.Column("rang", sa.Boolean(), nullable=False),
        sa.Column("heard_in", sa.String(40)),
        sa.PrimaryKeyConstraint("id", name="pk_ring"),
    )
    op.create_index("ix_ring_notice", "ring", ["notice"])
    op.create_index("ix_ring_at", "ring", ["at"])
    op.create_index("ix_ring_about", "ring", ["about"])


def downgrade() -> None:
    """Histories only grow: going back means restoring the backup made before."""
    message = "restore the backup made before this migration"
    raise NotImplementedError(message)
