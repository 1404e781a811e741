"""Pictures, sounds and films: the same for the same subject, drawn for what the subject names."""

from __future__ import annotations

import pytest

from octavo.demo import drawings
from octavo.demo.broadcasts import FRAMES, film, sound
from octavo.demo.drawings import ABSTRACT, draw_picture, motif_for


@pytest.mark.parametrize(
    ("subject", "motif"),
    [
        ("An upturned ferry", drawings.sea),
        ("Two bridges at dusk", drawings.river),
        ("A goalkeeper beside a lake", drawings.ball),
        ("جسر فوق السيل", drawings.river),
        ("في الصحراء", drawings.dunes),
    ],
)
def test_the_first_word_that_names_a_thing_decides_the_motif(subject: str, motif: drawings.Motif) -> None:
    assert motif_for(subject) is motif


def test_a_subject_without_a_likeness_is_abstract() -> None:
    assert motif_for("hesitation") in ABSTRACT


def test_one_subject_is_always_one_picture() -> None:
    first = draw_picture("a quiet harbour")
    draw_picture.cache_clear()
    assert draw_picture("a quiet harbour") == first
    assert draw_picture("a quiet harbour.") != first


@pytest.mark.parametrize("motif", [motif for motif, _ in drawings.MOTIFS] + list(ABSTRACT))
def test_every_motif_can_be_drawn_with_any_chances(motif: drawings.Motif) -> None:
    for number in range(6):
        canvas = drawings.Canvas(f"subject {number}")
        blank = canvas.image.tobytes()
        motif(canvas)
        assert canvas.image.tobytes() != blank


def test_a_picture_is_small_enough_to_send() -> None:
    assert len(draw_picture("a forest")) < 60_000


def test_a_film_holds_all_its_frames_and_a_sound_differs_by_name() -> None:
    key_frame_start = b"\x9d\x01\x2a"  # RFC 6386, section 9.1
    assert film("a bridge").count(key_frame_start) == FRAMES
    assert sound("one") != sound("another")
