"""The tables of release 0.1, which made them without Alembic: what is there is left as it is."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = depends_on = None


def upgrade() -> None:
    """Make the tables that are missing."""
    _conversations()
    _text_messages()
    _staff()


def _conversations() -> None:
    _table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sender_id", sa.String(255), nullable=False),
        sa.Column("type_name", sa.String(255), nullable=False),
        sa.Column("timestamp", sa.Float),
        sa.Column("intent_name", sa.String(255)),
        sa.Column("action_name", sa.String(255)),
        sa.Column("data", sa.Text),
        index=("sender_id",),
    )
    _table(
        "conversations",
        sa.Column("sender_id", sa.String(255), primary_key=True),
        sa.Column("last_event", sa.Integer, nullable=False),
        sa.Column("window_after", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
    _table(
        "unreadable_events",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("event_id", sa.Integer, nullable=False),
        sa.Column("sender_id", sa.String(255), nullable=False),
        sa.Column("data", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", sa.Float, nullable=False),
        index=(
            "sender_id",
            "since",
        ),
    )
    _table(
        "inbox",
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("message_id", sa.String(255), primary_key=True),
        sa.Column("sender_id", sa.String(255), nullable=False),
        sa.Column("received", sa.Float, nullable=False),
        sa.Column("replies", sa.Text, nullable=False),
        index=(
            "sender_id",
            "received",
        ),
    )
    _table(
        "ended_conversations",
        sa.Column("sender_id", sa.String(255), primary_key=True),
        sa.Column("ended", sa.Float, nullable=False),
        index=("ended",),
    )
    _table(
        "feedback",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("given", sa.Float, nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("answer_ids", sa.Text, nullable=False),
        sa.Column("question", sa.Text),
        sa.Column("reason", sa.Text),
        index=("given",),
    )
    op.create_index("events_of_conversation", "events", ["sender_id", "id"], if_not_exists=True)


def _text_messages() -> None:
    _table(
        "texting",
        sa.Column("sender_id", sa.String(255), primary_key=True),
        sa.Column("seen", sa.Float, nullable=False),
        sa.Column("offered", sa.Text, nullable=False),
        sa.Column("more", sa.Text, nullable=False),
        index=("seen",),
    )
    _table(
        "texted",
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("message_id", sa.String(255), primary_key=True),
        sa.Column("sender_id", sa.String(255), nullable=False),
        sa.Column("received", sa.Float, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("claimed", sa.Float, nullable=False),
        sa.Column("sent", sa.Boolean, nullable=False),
        index=(
            "sender_id",
            "received",
        ),
    )
    _table(
        "opted_out",
        sa.Column("sender_id", sa.String(255), primary_key=True),
        sa.Column("since", sa.Float, nullable=False),
    )
    _table(
        "one_time_links",
        sa.Column("code_hash", sa.String(64), primary_key=True),
        sa.Column("sender_id", sa.String(255), nullable=False),
        sa.Column("shows", sa.Text, nullable=False),
        sa.Column("expires", sa.Float, nullable=False),
        sa.Column("used", sa.Float),
        index=(
            "sender_id",
            "expires",
        ),
    )


def _staff() -> None:
    _table(
        "staff_accounts",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("password", sa.Text),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("locked_until", sa.Float, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
    )
    _table(
        "staff_sessions",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("started", sa.Float, nullable=False),
        sa.Column("seen", sa.Float, nullable=False),
        index=("name",),
    )
    _table(
        "audit_log",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("what", sa.String(64), nullable=False),
        sa.Column("about", sa.String(255), nullable=False),
        index=("at",),
    )
    _table(
        "case_notes",
        sa.Column("reference", sa.String(16), primary_key=True),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("saved", sa.Float, nullable=False),
        sa.Column("follow_up", sa.String(10)),
        sa.Column("text", sa.Text, nullable=False),
        index=(
            "account",
            "saved",
        ),
    )
    _table(
        "answer_changes",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("made", sa.Float, nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("answer", sa.String(255), nullable=False),
        sa.Column("draft", sa.Text, nullable=False),
        sa.Column("touched", sa.Float, nullable=False),
        sa.Column("progress", sa.Text),
        sa.Column("trial", sa.Text),
        sa.Column("saved", sa.Float),
        sa.Column("reason", sa.Text),
        sa.Column("patch", sa.Text),
        index=("made",),
    )


def _table(name: str, *columns: sa.Column, index: tuple[str, ...] = ()) -> None:
    op.create_table(name, *columns, if_not_exists=True)
    for column in index:
        op.create_index(f"ix_{name}_{column}", name, [column], if_not_exists=True)
