"""Nobody enters the pages for staff without signing in, and every refusal says what to do."""

import time

import pytest

from send_guide.staff.accounts import MOST_CHARACTERS
from tests.helpline.conftest import ADVISER, EDITOR, PASSWORD, Helpline, Person, staff


@pytest.fixture(autouse=True)
def _fresh(helpline: Helpline) -> None:
    helpline.rows("UPDATE staff_accounts SET failures = 0, locked_until = 0")


def test_an_adviser_signs_in_with_name_and_password_and_out_again(helpline: Helpline, person: Person) -> None:
    assert person.signs_in().url.path == "/helpline"
    assert person.sends("/sign-out").url.path == "/sign-in"
    assert person.opens("/helpline").url.path == "/sign-in"
    assert helpline.audit()[-2:] == [(ADVISER, "signed in", "password"), (ADVISER, "signed out", "")]


def test_the_session_is_kept_as_a_hash_in_a_cookie_scripts_cannot_read(
    helpline: Helpline, person: Person
) -> None:
    token = person.token("/sign-in")
    answer = person.http.post(
        "/sign-in", data={"csrf": token, "name": ADVISER, "password": PASSWORD}, follow_redirects=False
    )
    [cookie] = [
        line for line in answer.headers.get_list("set-cookie") if line.startswith("send-guide-staff=")
    ]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    session_id = cookie.split(";")[0].split("=")[1]
    assert session_id not in str(helpline.rows("SELECT * FROM staff_sessions"))
    assert answer.headers["cache-control"] == "no-store"


def test_a_wrong_password_and_an_unknown_name_hear_the_same(helpline: Helpline, person: Person) -> None:
    wrong = person.signs_in(password="some other words here")
    unknown = person.signs_in(name="nobody")
    assert wrong.status_code == unknown.status_code == 403
    assert "do not fit together" in wrong.text
    # only the hidden token differs from page to page, and it is the same browser's
    assert wrong.text == unknown.text
    assert helpline.audit()[-2:] == [
        (ADVISER, "refused: password", ""),
        ("(somebody)", "refused: password", ""),
    ]


def test_five_wrong_passwords_lock_an_account_for_a_while(helpline: Helpline, person: Person) -> None:
    for _ in range(5):
        assert person.signs_in(password="some other words here").status_code == 403
    refused = person.signs_in()
    assert refused.status_code == 403
    assert "locked for 15 minutes" in refused.text
    assert helpline.audit()[-1] == (ADVISER, "refused: password", "locked")

    helpline.rows(
        "UPDATE staff_accounts SET locked_until = :now WHERE name = :name", now=time.time() - 1, name=ADVISER
    )
    assert person.signs_in().url.path == "/helpline"


def test_an_account_is_unlocked_from_the_command_line(helpline: Helpline, person: Person) -> None:
    for _ in range(5):
        person.signs_in(password="some other words here")
    assert "locked until" in staff(helpline.database, "list").stdout
    assert staff(helpline.database, "unlock", ADVISER).returncode == 0
    assert person.signs_in().url.path == "/helpline"


@pytest.mark.parametrize(("column", "ago"), [("seen", 61 * 60), ("started", 12 * 3600 + 60)])
def test_a_session_ends_when_idle_and_after_a_day_s_work(
    helpline: Helpline, person: Person, column: str, ago: int
) -> None:
    person.signs_in()
    token = person.token("/helpline")
    helpline.rows(f"UPDATE staff_sessions SET {column} = {column} - :ago", ago=ago)
    assert person.opens("/helpline").url.path == "/sign-in"
    said = person.sends("/sign-out", csrf=token)
    assert said.status_code == 401
    assert "signed out" in said.text


@pytest.mark.parametrize("forged", ["", "x", "A" * 43, "A" * 100_000, "'; --", "ä"])
def test_a_forged_cookie_opens_nothing(helpline: Helpline, forged: str) -> None:
    status, text = helpline.get(
        "/helpline", headers={"Cookie": f"send-guide-staff={forged}".encode("latin-1").decode("latin-1")}
    )
    assert status in (401, 431, 413, 400)
    assert "signed out" in str(text) or status != 401


def test_a_form_without_the_token_of_the_session_changes_nothing(helpline: Helpline, person: Person) -> None:
    person.signs_in()
    for csrf in ("", "wrong"):
        assert person.sends("/sign-out", csrf=csrf).status_code == 403
        assert person.opens("/helpline").url.path == "/helpline"
    assert helpline.audit()[-1] == (ADVISER, "refused: no token", "/sign-out")


def test_the_token_of_another_session_is_refused(helpline: Helpline, person: Person) -> None:
    person.signs_in()
    other = Person(helpline)
    other.signs_in(EDITOR)
    assert person.sends("/sign-out", csrf=other.token("/helpline")).status_code == 403


def test_a_form_to_sign_in_that_another_site_has_made_is_refused(person: Person) -> None:
    answer = person.http.post("/sign-in", data={"name": ADVISER, "password": PASSWORD, "csrf": "x"})
    assert answer.status_code == 403
    assert "open for too long" in answer.text


def test_after_signing_in_a_person_is_sent_to_our_pages_only(person: Person) -> None:
    token = person.token("/sign-in?next=https://elsewhere.example/helpline")
    answer = person.http.post(
        "/sign-in",
        data={"csrf": token, "name": ADVISER, "password": PASSWORD, "next": "//elsewhere.example/helpline"},
        follow_redirects=False,
    )
    assert answer.headers["location"] == "/helpline"


def test_too_many_tries_from_one_place_must_wait(tmp_path_factory: pytest.TempPathFactory) -> None:
    running = Helpline(tmp_path_factory.mktemp("tries"), PER_SIGN_IN="2/minute").wait()
    try:
        person = Person(running)
        said = [person.signs_in(password="some other words here").status_code for _ in range(3)]
        assert said == [403, 403, 429]
    finally:
        running.stop()


def test_who_loses_the_account_is_signed_out_at_once(helpline: Helpline, person: Person) -> None:
    assert staff(helpline.database, "add", "temp", "--role", "adviser", typed=PASSWORD).returncode == 0
    assert person.signs_in("temp").url.path == "/helpline"
    assert staff(helpline.database, "remove", "temp").returncode == 0
    assert person.opens("/helpline").url.path == "/sign-in"


def test_a_new_password_ends_the_sessions_and_the_old_password(helpline: Helpline, person: Person) -> None:
    staff(helpline.database, "add", "changes", "--role", "adviser", typed=PASSWORD)
    person.signs_in("changes")
    assert staff(helpline.database, "password", "changes", typed="four other words now\n").returncode == 0
    assert person.opens("/helpline").url.path == "/sign-in"
    assert person.signs_in("changes").status_code == 403
    assert person.signs_in("changes", "four other words now").url.path == "/helpline"


@pytest.mark.parametrize(
    ("arguments", "typed", "says"),
    [
        (["add", "new", "--role", "adviser"], "short\n", "at least 12 characters"),
        (["add", "new", "--role", "adviser"], "aaaaaaaaaaaaaaaa\n", "too easy to guess"),
        (["add", "new", "--role", "boss"], PASSWORD, "adviser, editor"),
        (["add", "no spaces", "--role", "adviser"], PASSWORD, "1 to 64 letters"),
        (["add", ADVISER, "--role", "editor"], PASSWORD, "already"),
        (["remove", "nobody-here"], "", "no account"),
        (["unlock", "nobody-here"], "", "no account"),
        (["password", "nobody-here"], PASSWORD, "no account"),
    ],
)
def test_the_command_line_says_what_is_wrong(
    helpline: Helpline, arguments: list[str], typed: str, says: str
) -> None:
    answer = staff(helpline.database, *arguments, typed=typed)
    assert answer.returncode == 1
    assert says in answer.stderr


def test_passwords_are_kept_as_argon2_hashes_and_never_printed(helpline: Helpline) -> None:
    kept = helpline.rows("SELECT password FROM staff_accounts WHERE name = :name", name=ADVISER)
    assert str(kept[0][0]).startswith("$argon2id$")
    everything = staff(helpline.database, "list").stdout + staff(helpline.database, "log").stdout
    assert PASSWORD not in everything + helpline.log.read_text()
    assert "account added: adviser ann" in everything


def test_an_adviser_cannot_open_an_editor_s_page_and_an_editor_can_open_both(
    helpline: Helpline, person: Person
) -> None:
    person.signs_in(ADVISER)
    refused = person.opens("/helpline/log")
    assert refused.status_code == 403
    assert "for editors" in refused.text
    assert helpline.audit()[-1] == (ADVISER, "refused: not an editor", "/helpline/log")
    editor = Person(helpline)
    editor.signs_in(EDITOR)
    assert "refused: not an editor" in editor.opens("/helpline/log").text
    assert editor.opens("/helpline").status_code == 200


def test_who_signs_in_again_leaves_no_session_behind(helpline: Helpline, person: Person) -> None:
    helpline.rows("DELETE FROM staff_sessions")
    before = person.token("/sign-in")
    form = {"csrf": before, "name": ADVISER, "password": PASSWORD}
    kept = dict(person.http.cookies)
    person.http.post("/sign-in", data=form)
    person.http.cookies.update(kept)  # the same form once more, as after a step back
    person.http.post("/sign-in", data=form)
    assert helpline.rows("SELECT count(*) FROM staff_sessions") == [(1,)]
    assert person.opens("/helpline").url.path == "/helpline"


def test_a_password_is_compared_to_its_end(helpline: Helpline, person: Person) -> None:
    longest = "three words together " * 47 + "and thirteen."
    assert len(longest) == MOST_CHARACTERS
    made = staff(helpline.database, "add", "long", "--role", "adviser", typed=longest + "\n")
    assert made.returncode == 0, made.stderr
    try:
        assert person.signs_in("long", longest + " and more").status_code == 403
        assert person.signs_in("long", longest).url.path == "/helpline"
    finally:
        staff(helpline.database, "remove", "long")
