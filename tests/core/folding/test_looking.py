"""What of an article is read to be compared, and what is kept of it in memory."""

from __future__ import annotations

import time

from octavo.core.folding.copies import Copies
from octavo.core.folding.views import known_words, look, read
from octavo.core.types import Article


def test_a_text_without_spaces_is_read_no_further_than_it_is_compared() -> None:
    book = Article("1", "港口关闭", "港口在周二黎明关闭" * 150_000, language="zh")
    began = time.process_time()
    views = look(book)
    assert Copies().arrive(book).copy_of is None
    assert time.process_time() - began < 3.0
    assert views.has_text


def test_its_sentences_are_not_kept_in_memory() -> None:
    before = len(known_words("zh"))
    line = read("渡轮在黎明搁浅，港口在周二关闭", "zh", 100)
    assert len(line.words) == 14
    assert len(known_words("zh")) == before


def test_words_that_come_again_are_kept() -> None:
    read("The ferry of d'Orsay ran aground", "en", 100)
    assert {"ferry", "d'Orsay", "aground"} <= known_words("en").keys()


def test_a_name_is_shown_no_longer_than_a_word_may_be() -> None:
    shout = Article("1", "Storm hits the coast", f"The town of {'Aa' * 50_000} was hit today.", language="en")
    assert [len(name) for name in look(shout).shown_names] == [64]
