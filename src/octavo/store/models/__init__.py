"""What Octavo knows, by noun.

reading (what comes in), folding (which of it is one story), telling (what is told of stories), asking (of a model),
readers, talking, work (what is due).
"""

from octavo.store.models.asking import Egress, Generation
from octavo.store.models.folding import (
    Correction,
    Earlier,
    FoldState,
    FoldWork,
    Placement,
    Story,
    TermCheckpoint,
    Vector,
)
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
from octavo.store.models.telling import Brief, Follow, StorySentence, StoryTelling
from octavo.store.models.work import Host, IndexState, IndexWork, Lease, RefreshRequest

__all__ = [
    "Article",
    "ArticleVersion",
    "Brief",
    "Comment",
    "Correction",
    "Earlier",
    "Egress",
    "Enclosure",
    "Entry",
    "Feed",
    "Flag",
    "FoldState",
    "FoldWork",
    "Folder",
    "Follow",
    "Generation",
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
    "Placement",
    "Publisher",
    "ReadBatch",
    "ReadMark",
    "RefreshRequest",
    "Saved",
    "Story",
    "StorySentence",
    "StoryTelling",
    "TermCheckpoint",
    "User",
    "Vector",
    "Verdict",
]
