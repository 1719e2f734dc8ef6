"""${message}"""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = depends_on = None


def upgrade() -> None:
    """Only add: replicas of the release before go on with these tables (see ``migrations/__init__.py``)."""
    ${upgrades if upgrades else "pass"}
