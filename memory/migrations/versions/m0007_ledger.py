"""Who moved an action last, and which moves the database lets anybody make."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"


def upgrade() -> None:
    """Add the column and the table; the rows are filled in from the code at every start."""
    op.add_column("action", sa.Column("moved_by", sa.String(10), nullable=False, server_default=""))
    op.create_table(
        "allowed_transition",
        sa.Column("from_state", sa.String(14), nullable=False),
        sa.Column("to_state", sa.String(14), nullable=False),
        sa.Column("actor_class", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint(
            "from_state", "to_state", "actor_class", name="pk_allowed_transition"
        ),
    )


def downgrade() -> None:
    """Histories only grow: going back means restoring the backup made before."""
    message = "restore the backup made before this migration"
    raise NotImplementedError(message)
