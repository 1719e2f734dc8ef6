"""Danger is seen in three tiers, and nothing that stands beside a disclosure makes it less of one."""

import ast
from collections.abc import Callable

import pytest

from send_guide.domain import safety
from send_guide.domain.text import own_words
from send_guide.measuring.questions import read_questions
from send_guide.nlu.archive import open_analyser
from send_guide.nlu.decide import Decision, decide
from send_guide.nlu.examples import Tier
from tests.conftest import ROOT

Decide = Callable[[str], Decision]
HARM, AT_RISK, RESTRAINT = "urgent.self-harm-or-suicide", "urgent.child-at-risk", "school-life.restraint"
TAILS = (
    "\n\nGet Outlook for iOS",
    "\n\nSent from my iPhone",
    "\n\nhttps://www.bromley.gov.uk/send",
    " anyway what is an ehc plan",
    " also who pays for the taxi?",
    " lol",
    " \U0001f602\U0001f602",
    "\n\nKind regards,\nSam",
    " thanks x",
    " :(",
)


@pytest.fixture(scope="module")
def decided() -> Decide:
    analyser, thresholds = open_analyser(ROOT / "models" / "send-guide.tar.gz")
    return lambda text: decide(analyser.analyse(text), thresholds)


@pytest.mark.parametrize("tail", TAILS)
def test_no_harmless_tail_hides_an_urgent_message(decided: Decide, tail: str) -> None:
    asked = [line["q"] for line in read_questions(ROOT / "tests" / "questions" / "urgent.jsonl")]
    clear = [text for text in asked if decided(text).danger_tier == "clear"]
    assert len(clear) > 0.8 * len(asked)
    assert [text for text in clear if decided(text + tail).danger_tier != "clear"] == []


@pytest.mark.parametrize(
    ("text", "answer_id"),
    [
        ("mi hijo quiere morir", HARM),
        ("je veux mourir", HARM),
        ("ölmek istiyorum", HARM),
        ("olmek istiyorum", HARM),
        ("syn chce sie zabic", HARM),
        ("mój syn chce się zabić", HARM),
        ("please help mój syn chce się zabić, he has autism", HARM),
        ("mera beta marna chahta hai", HARM),
        ("copilul meu vrea să moară", HARM),
        ("meu filho quer morrer", HARM),
        ("mio figlio vuole morire", HARM),
        ("синът ми иска да умре", HARM),
        ("நான் சாக வேண்டும்", HARM),
        ("我想死", HARM),
        ("pomocy", AT_RISK),
        ("pomocy!! maz mnie bije", AT_RISK),
        ("救命", AT_RISK),
    ],
)
def test_danger_is_seen_in_other_languages(decided: Decide, text: str, answer_id: str) -> None:
    assert safety.by_words(text) == answer_id
    assert decided(text).answers[0][0] == answer_id


@pytest.mark.parametrize(
    "text", ["they hit us with a fine", "and then council hit us with another bill", "hit me with the forms"]
)
def test_money_and_paper_hit_nobody(text: str) -> None:
    assert safety.by_words(text) is None
    assert safety.by_words("they hit us with a belt") == AT_RISK


@pytest.mark.parametrize("text", ["mój syn potrzebuje pomocy w szkole", "имам нужда от помощ с училището"])
def test_help_at_school_is_no_danger_in_another_language(text: str) -> None:
    assert safety.by_words(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "my son is missing and i dont know where he is",
        "he wants to die lol",
        "My daughter is 14.\n\nShe says she is going to kill herself tonight\n\nSent from my iPhone",
    ],
)
def test_clear_danger_comes_first(decided: Decide, text: str) -> None:
    decision = decided(text)
    assert decision.danger_tier == "clear"
    assert decision.answers[0][0].startswith("urgent.")


@pytest.mark.parametrize(
    "text",
    [
        ".",
        "i had to stay home from work because nobody would have him",
        "what is an ehc plan",
        "i dont want my mum to know",
        "the school has sent him home again",
    ],
)
def test_what_only_sounds_like_danger_is_none(decided: Decide, text: str) -> None:
    decision = decided(text)
    assert decision.danger_tier == "none"
    assert not decision.ask_if_safe


@pytest.mark.parametrize(
    "text",
    [
        "staff locked him in a cupboard at school because he wouldnt sit down",
        "the teaching assistant dragged him along the corridor by his arm",
        "school have been restraining my daughter and nobody told me",
        "they shut him in a room by himself at school and hold the door",
    ],
)
def test_what_staff_did_to_a_child_is_answered_with_a_quiet_question(decided: Decide, text: str) -> None:
    decision = decided(text)
    tier: Tier = "possible"
    assert decision.danger_tier == tier
    assert decision.ask_if_safe
    assert RESTRAINT in [*(answer_id for answer_id, _ in decision.answers), *decision.choices]


@pytest.mark.parametrize("tail", TAILS)
def test_what_says_nothing_is_taken_off_the_end(tail: str) -> None:
    told = "he will not go to school any more"
    kept = own_words(told + tail)
    assert kept == told or "anyway" in tail or "also" in tail
    assert own_words(told) == told
    assert own_words("lol") == "lol"


@pytest.mark.parametrize(
    "signed",
    ["\n\nMany thanks, Sam", "\nKind regards, Priya Shah", "\n\nBest wishes, Sam", "\nThank you, Jo"],
)
def test_a_name_beside_a_closing_is_taken_off_too(signed: str) -> None:
    assert own_words(f"whats a senco{signed}") == "whats a senco"


def test_what_whatsapp_puts_before_a_message_is_taken_off() -> None:
    for stamp in (
        "14/11/2026, 09:12 - Sam: ",
        "[14/11/2026, 09:12:33] Sam Jones: ",
        "1/2/26, 9:05 pm - Jo: ",
    ):
        assert own_words(f"{stamp}they refused to assess him") == "they refused to assess him"
    assert own_words("dated 14/11/2026, what now") == "dated 14/11/2026, what now"


def test_what_is_urgent_is_told_at_one_place() -> None:
    """The prefix of urgent answers, the name of their section and what goes first: each is said once."""
    prefixes, names, firsts = [], [], []
    for file in sorted((ROOT / "send_guide").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value == "urgent.":
                prefixes.append(file.name)
            if isinstance(node, ast.Name) and node.id == "URGENT" and isinstance(node.ctx, ast.Store):
                names.append(file.name)
            if isinstance(node, ast.FunctionDef) and node.name == "danger_first":
                firsts.append(file.name)
    assert (prefixes, names, firsts) == ([], ["schema.py"], ["safety.py"])


def test_words_of_danger_are_looked_for_by_themselves_only_where_a_tap_cannot_stand() -> None:
    """Everywhere else words and taps are recognised together, by ``in_danger``.

    An adviser whose address is over its limit types; a tap of the helpline is no tap of the chat.
    """
    found = {
        file.relative_to(ROOT / "send_guide").as_posix()
        for file in (ROOT / "send_guide").rglob("*.py")
        if "by_words(" in file.read_text(encoding="utf-8")
    }
    assert found == {"domain/safety.py", "nlu/analysis.py", "helpline/console.py"}
