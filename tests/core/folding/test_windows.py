"""The window's lists: bounded, swept, and the same after they were put down."""

from __future__ import annotations

from octavo.core.folding.sparse import Weighed, weigh
from octavo.core.folding.term_postings import REMEMBERED, TermPostings
from octavo.core.folding.terms import Terms
from octavo.core.folding.views import look
from tests.core.folding.news import report


def weighed(text: str = "A heron stood in the weir at Sallow.") -> Weighed:
    """A small article, weighed."""
    return weigh(look(report("a", "Heron at Sallow", text)), Terms())


def test_a_term_remembers_its_newest_articles_only() -> None:
    posts = TermPostings()
    for number in range(3 * REMEMBERED):
        posts.add([7], number)
    numbers, lengths = posts.of([7, 8])
    assert lengths == [REMEMBERED, 0]
    assert numbers.tolist() == list(range(2 * REMEMBERED, 3 * REMEMBERED))


def test_terms_that_nobody_in_the_window_has_are_swept_out() -> None:
    posts = TermPostings()
    posts.add([7, 8], 1)
    posts.add([8], 5)
    posts.sweep(oldest=4)
    assert posts.of([7, 8])[1] == [0, 2]


def test_posts_are_the_same_after_they_were_put_down() -> None:
    posts = TermPostings()
    for number in range(40):
        posts.add([number % 3, number], number)
    again = TermPostings.load(posts.dump())
    assert [part.tolist() if hasattr(part, "tolist") else part for part in again.of(range(40))] == [
        part.tolist() if hasattr(part, "tolist") else part for part in posts.of(range(40))
    ]


def test_a_word_counts_as_a_name_where_it_is_no_sentences_beginning() -> None:
    views = look(report("a", "Quiet day", "Mayor Ida Quill spoke. Weeks pass in Sallow. Weeks of rain."))
    assert "quill" in views.names
    assert "week" not in views.names
