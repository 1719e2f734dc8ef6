"""The tables of the store. ``events`` is Rasa's own, so that Rasa's tools read it."""

from __future__ import annotations

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore

metadata: sa.MetaData = SQLTrackerStore.Base.metadata
events: sa.Table = SQLTrackerStore.SQLEvent.__table__

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("last_event", sa.Integer, nullable=False),
    sa.Column("window_after", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
)
"""Where each conversation stands.

last_event: id of its newest event; a writer that has not seen it is too late.
window_after: the window of events that is loaded starts after this id.
state: slots and active loop at that place, as JSON.
"""

unreadable_events = sa.Table(
    "unreadable_events",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("event_id", sa.Integer, nullable=False),
    sa.Column("sender_id", sa.String(255), nullable=False, index=True),
    sa.Column("data", sa.Text),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("since", sa.Float, nullable=False, index=True),
)
"""Rows of ``events`` that no event could be made from, set aside.

since: when, seconds since 1970.
"""

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("channel", sa.String(64), primary_key=True),
    sa.Column("message_id", sa.String(255), primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False, index=True),
    sa.Column("received", sa.Float, nullable=False, index=True),
    sa.Column("replies", sa.Text, nullable=False),
)
"""Messages that have been answered, with their replies as JSON, so that each is answered once.

received: seconds since 1970.
"""

feedback = sa.Table(
    "feedback",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("given", sa.Float, nullable=False, index=True),
    sa.Column("channel", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("answer_ids", sa.Text, nullable=False),
    sa.Column("question", sa.Text),
    sa.Column("reason", sa.Text),
)
"""What people and helpline staff think of an answer. It belongs to no conversation: nobody can be told by it.

given: seconds since 1970.
kind: useful, not-useful, wrong, missing or unclear.
answer_ids: a JSON list.
question, reason: redacted.
"""

staff_accounts = sa.Table(
    "staff_accounts",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("password", sa.Text),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("locked_until", sa.Float, nullable=False),
    sa.Column("created", sa.Float, nullable=False),
)
"""Who may see the staff's pages.

password: an argon2 hash; none where the person comes by single sign-on.
role: adviser or editor.
failures: wrong passwords since the last right one.
locked_until, created: seconds since 1970.
"""

staff_sessions = sa.Table(
    "staff_sessions",
    metadata,
    sa.Column("hash", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(64), nullable=False, index=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("started", sa.Float, nullable=False),
    sa.Column("seen", sa.Float, nullable=False),
)
"""Who is signed in.

hash: SHA-256 of the session's id, which only the browser has.
started, seen: when it began and was last used, seconds since 1970.
"""

audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", sa.Float, nullable=False, index=True),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("what", sa.String(64), nullable=False),
    sa.Column("about", sa.String(255), nullable=False),
)
"""What staff did: sign-ins, refusals, saved notes, changes of accounts. Never a word of a caller's.

at: seconds since 1970.
"""

case_notes = sa.Table(
    "case_notes",
    metadata,
    sa.Column("reference", sa.String(16), primary_key=True),
    sa.Column("account", sa.String(64), nullable=False, index=True),
    sa.Column("saved", sa.Float, nullable=False, index=True),
    sa.Column("follow_up", sa.String(10)),
    sa.Column("text", sa.Text, nullable=False),
)
"""Notes of calls that an adviser chose to save.

account: whose note it is.
saved: seconds since 1970.
follow_up: a day, ISO 8601.
text: redacted.
"""

texting = sa.Table(
    "texting",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("seen", sa.Float, nullable=False, index=True),
    sa.Column("offered", sa.Text, nullable=False),
    sa.Column("more", sa.Text, nullable=False),
)
"""Where a conversation by text message stands. It is named by a keyed hash; no telephone number is stored.

seen: when the last message came, seconds since 1970.
offered: what the numbers of the last list stand for, a JSON list of [title, payload].
more: what is sent on MORE, a JSON list of texts.
"""

texted = sa.Table(
    "texted",
    metadata,
    sa.Column("channel", sa.String(64), primary_key=True),
    sa.Column("message_id", sa.String(255), primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False, index=True),
    sa.Column("received", sa.Float, nullable=False, index=True),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("claimed", sa.Float, nullable=False),
    sa.Column("sent", sa.Boolean, nullable=False),
)
"""Text messages that have been answered, with what was said, so that each is answered once.

claimed: until when somebody is sending it by the provider's API, seconds since 1970.
sent: whether it was sent so.
"""

opted_out = sa.Table(
    "opted_out",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("since", sa.Float, nullable=False),
)
"""Who wants no more text messages, until they write START. Kept after the conversation has gone: it is
what keeps the promise.
"""

one_time_links = sa.Table(
    "one_time_links",
    metadata,
    sa.Column("code_hash", sa.String(64), primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False, index=True),
    sa.Column("shows", sa.Text, nullable=False),
    sa.Column("expires", sa.Float, nullable=False, index=True),
    sa.Column("used", sa.Float),
)
"""Pages that a link in a text message shows once.

code_hash: SHA-256 of the code; the code itself is in the message only.
shows: what it shows, as JSON: an answer, a step, or a letter's template and facts.
expires, used: seconds since 1970.
"""

ended_conversations = sa.Table(
    "ended_conversations",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("ended", sa.Float, nullable=False, index=True),
)
"""Names of conversations on the web that people have deleted, so that a message on its way does not begin
them anew. The name is made with a secret and says nothing of anybody.

ended: when, seconds since 1970.
"""

answer_changes = sa.Table(
    "answer_changes",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("made", sa.Float, nullable=False, index=True),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("answer", sa.String(255), nullable=False),
    sa.Column("draft", sa.Text, nullable=False),
    sa.Column("touched", sa.Float, nullable=False),
    sa.Column("progress", sa.Text),
    sa.Column("trial", sa.Text),
    sa.Column("saved", sa.Float),
    sa.Column("reason", sa.Text),
    sa.Column("patch", sa.Text),
)
"""Changes of answers that editors have drafted. Nothing here changes an answer: a patch is applied by people.

made, touched, saved: seconds since 1970; saved: none while it is only a draft.
draft: the change, as JSON.
progress: what a trial is doing, or why it ended; none where there is no trial, or it is done.
trial: what the trial has shown, as JSON.
reason, patch: why, and the difference of the files, of a saved change.
"""

OF_A_CONVERSATION = (events, conversations, unreadable_events, inbox, texting, texted, one_time_links)
"""All that is kept of a conversation, and so all that is shown and deleted on request."""

by_conversation = sa.Index("events_of_conversation", events.c.sender_id, events.c.id)

_MAKING_TABLES = 7363
"""Number of the lock that a PostgreSQL session holds while it makes tables; any would do."""


def create_missing(connection: sa.engine.Connection) -> None:
    """Make the tables that are missing; replicas that start at the same instant do so in turn."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_MAKING_TABLES})"))
    metadata.create_all(connection, checkfirst=True)
    by_conversation.create(connection, checkfirst=True)
