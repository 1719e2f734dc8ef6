"""What is typed becomes plain letters, and stays of a length and a cost that are known beforehand."""

import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from send_guide.domain.text import MOST_OF_A_LETTER, normalise, own_words, plain_text
from send_guide.nlu.sentence_encoder import Encoder, States
from send_guide.nlu.splitting import asked
from send_guide.service import Guide

MOST_PIECES = 56
"""Readings of the encoder that one message may cost; one of 2,000 ordinary letters costs 13."""


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("ｈ\u200bｉｔｓ me", "hits me"),
        ("Zoe\u0308", "zoë"),
        ("٠٧٧٠٠\u00a0\u2009९००", "07700 900"),
        ("  a \r\n\n  b\t c ", "a\n\nb c"),
        ("it’s", "it's"),
        ("\U000e0041a\u2066b\u2069", "ab"),
        ("\ufdfa", "\ufdfa"),
        ("who \ud800 pays", "who \ufffd pays"),
    ],
)
def test_letters_of_another_shape_become_plain_ones(typed: str, plain: str) -> None:
    assert normalise(typed, lines=True) == plain


@given(st.text())
def test_every_plain_letter_has_its_place_in_what_was_typed(typed: str) -> None:
    plain = plain_text(typed)
    assert len(plain.text) <= MOST_OF_A_LETTER * len(typed)
    for at, letter in enumerate(plain.text):
        start, end = plain.original(at, at + 1)
        assert letter in plain_text(typed[start:end]).text or letter in " \n"


@pytest.mark.parametrize(
    ("typed", "own"),
    [
        ("can i appeal lol 😀 https://example.org xx", "can i appeal"),
        ("can i appeal many thanks!!", "can i appeal"),
        ("can i appeal thank you", "can i appeal"),
        ("can i appeal😀.", "can i appeal"),
        ("can i appeal.", "can i appeal."),
        ("can i thank you", "can i"),
        ("\n\n\nSent from my iPhone", "\n\n\nSent from my iPhone"),
        ("can i appeal\n\n\nSent from my iPhone", "can i appeal"),
        ("thanks", "thanks"),
        ("😀", "😀"),
    ],
)
def test_what_stands_around_a_message_is_left_out(typed: str, own: str) -> None:
    assert own_words(typed) == own


@pytest.mark.parametrize(
    "piece", [" ", "\n", "\n ", " lol", "😀", " :)", " xx", "\nthanks", ",", " and also", "so "]
)
def test_a_message_of_one_piece_over_and_over_takes_no_longer_than_others(piece: str) -> None:
    """1,980 blanks took 100 s where the time grew with the cube of the length, and take less than a tenth of a
    second; the bound is far from both.
    """
    begun = time.process_time()
    asked(own_words((piece * 2_000)[:2_000] + "x y"))
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "message",
    [
        "\ufdfa" * 2_000,
        "\u337f" * 2_000,
        "學校不肯幫我兒子" * 250,
        "學校不肯幫我兒子\n" * 220,
        "what is q'z'x'w'v'u't's'r'q'z'x'w? " * 57,
        "a," * 1_000,
    ],
    ids=["U+FDFA", "U+337F", "ideographs", "lines of them", "questions", "commas"],
)
def test_a_message_costs_no_more_readings_than_is_known_beforehand(
    guide: Guide, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = 0
    states = Encoder.states

    def counted(self: Encoder, text: str) -> States:
        nonlocal pieces
        found = states(self, text)
        pieces += found.places.count((0, 0)) // 2  # a piece has a mark at its beginning and one at its end
        return found

    monkeypatch.setattr(Encoder, "states", counted)
    asyncio.run(guide.understand(message))
    assert 0 < pieces <= MOST_PIECES
