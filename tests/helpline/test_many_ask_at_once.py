"""An office shares an address: where too much was asked from it, danger is still answered."""

from pathlib import Path

from tests.helpline.conftest import Helpline, Person


def test_an_adviser_who_types_of_danger_is_answered_over_the_limit(tmp_path: Path) -> None:
    helpline = Helpline(tmp_path, PER_TYPING="1/hour").wait()
    try:
        adviser = Person(helpline)
        adviser.signs_in()
        csrf = adviser.token("/helpline")
        assert adviser.sends("/helpline/answer", csrf, q="who must appoint a senco").status_code == 200
        refused = adviser.sends("/helpline/answer", csrf, q="who must appoint a senco")
        assert (refused.status_code, "wait a minute" in refused.text) == (429, True)
        told = adviser.sends("/helpline/answer", csrf, q="caller says her son wants to die")
        assert (told.status_code, "116 123" in told.text) == (200, True)
    finally:
        helpline.stop()
