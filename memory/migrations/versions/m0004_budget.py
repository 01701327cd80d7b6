"""For whom a model was asked, and what the owner has added to a day's money."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add two columns to the budget, and the table of allowances."""
    op.add_column("budget", sa.Column("customer", sa.String(40), nullable=False, server_default=""))
    op.add_column("budget", sa.Column("model", sa.String(12), nullable=False, server_default=""))
    op.create_table(
        "allowance",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("micro", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_allowance"),
    )
    op.create_index("ix_allowance_day", "allowance", ["day"])


def downgrade() -> None:
    """Histories only grow: going back means restoring the backup made before."""
    message = "restore the backup made before this migration"
    raise NotImplementedError(message)
