"""What is said by SMS says the same as before: no figure changes, no letter is lost."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from send_guide.content.gsm7 import is_gsm_7, to_gsm_7


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("1½ hours", "1 1/2 hours"),
        ("½ day", "1/2 day"),
        ("5 ¾ hours, 3⅓ days", "5 3/4 hours, 3 1/3 days"),
        ("2\u20444", "2/4"),
        ("２½", "2 1/2"),
        ("½½", "1/2 1/2"),
        ("№ 5", "No 5"),
        ("ﬁnal plan, part Ⅳ", "final plan, part IV"),
        ("“Yes” – it’s due…", '"Yes" - it\'s due...'),
        ("Łukasz, zażółć", "Lukasz, zazolc"),
        ("e\u0301cole", "école"),
        ("2 × 15 minutes", "2 x 15 minutes"),
    ],
)
def test_what_the_alphabet_lacks_is_written_out(written: str, sent: str) -> None:
    assert to_gsm_7(written) == sent
    assert is_gsm_7(sent)


@pytest.mark.parametrize("text", ["10²", "①", "x³", "دعم", "日本", "😀"])
def test_what_has_no_plain_way_to_be_written_stays(text: str) -> None:
    assert to_gsm_7(text) == text


@given(st.text())
def test_composed_and_decomposed_letters_are_sent_alike_and_only_once(text: str) -> None:
    sent = to_gsm_7(unicodedata.normalize("NFC", text))
    assert to_gsm_7(unicodedata.normalize("NFD", text)) == sent
    assert to_gsm_7(sent) == sent
