"""Every table of the guide: a repository's tables are in the metadata once it is imported."""

from send_guide.storage import (  # noqa: F401
    answer_changes,
    asked_needs,
    audit_log,
    case_notes,
    conversations,
    feedback,
    inbox,
    one_time_links,
    publications,
    return_codes,
    staff_accounts,
    staff_sessions,
    text_conversations,
    tombstones,
)
from send_guide.storage.base import metadata

__all__ = ["metadata"]
