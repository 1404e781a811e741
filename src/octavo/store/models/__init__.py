"""What Octavo knows, by noun: reading (what comes in), readers (who reads), talking (what they say), work (what is due)."""

from octavo.store.models.readers import LoginLink, Muted, ReadBatch, ReadMark, Saved, User
from octavo.store.models.reading import (
    Article,
    ArticleVersion,
    Enclosure,
    Entry,
    Feed,
    Folder,
    Hashtag,
    Identity,
    Page,
    Picture,
    Publisher,
)
from octavo.store.models.talking import Comment, Flag, Verdict
from octavo.store.models.work import Host, IndexState, IndexWork, Lease, RefreshRequest

__all__ = [
    "Article",
    "ArticleVersion",
    "Comment",
    "Enclosure",
    "Entry",
    "Feed",
    "Flag",
    "Folder",
    "Hashtag",
    "Host",
    "Identity",
    "IndexState",
    "IndexWork",
    "Lease",
    "LoginLink",
    "Muted",
    "Page",
    "Picture",
    "Publisher",
    "ReadBatch",
    "ReadMark",
    "RefreshRequest",
    "Saved",
    "User",
    "Verdict",
]
