"""Codes that bring steps and situation back on another device."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "return_codes",
        sa.Column("code_hash", sa.String(64), primary_key=True),
        sa.Column("sender_id", sa.String(255), nullable=False),
        sa.Column("situation", sa.Text, nullable=False),
        sa.Column("expires", sa.Float, nullable=False),
    )
    op.create_index("ix_return_codes_sender_id", "return_codes", ["sender_id"], unique=True)
    op.create_index("ix_return_codes_expires", "return_codes", ["expires"])
