"""What Alembic runs, on the connection that ``upgrade`` of this package hands in."""

from alembic import context

from send_guide.storage.all_tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite can, and the transaction is ours
)
with context.begin_transaction():
    context.run_migrations()
