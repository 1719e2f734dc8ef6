"""A note of a call has a subject."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = depends_on = None


def upgrade() -> None:
    """Add the column; notes of the release before have none."""
    op.add_column("case_notes", sa.Column("subject", sa.String(120)))
