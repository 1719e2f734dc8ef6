"""What tests are fed with: messages, webhooks and personal data, made from the corpus and from nothing."""

from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

CORPUS = Path(__file__).with_name("corpus")
MESSAGES: dict[str, list[str]] = yaml.safe_load((CORPUS / "messages.yml").read_text())
WEBHOOKS: list[dict[str, Any]] = yaml.safe_load((CORPUS / "webhooks.yml").read_text())
EVERY = [text for texts in MESSAGES.values() for text in texts]

BETWEEN = st.sampled_from(["", " ", "\n", "\n\n", ". ", ", "])


@st.composite
def messages(draw: st.DrawFn, pieces: int = 5) -> str:
    """A message: pieces of the corpus and of any text, repeated now and then, in any order."""
    piece = st.sampled_from(EVERY) | st.text(max_size=60)
    parts = [
        draw(piece) * draw(st.sampled_from([1, 1, 1, 2, 40])) for _ in range(draw(st.integers(0, pieces)))
    ]
    return draw(BETWEEN).join(parts)[:4000]


@st.composite
def in_danger(draw: st.DrawFn) -> str:
    """A message of somebody in danger with what stands around messages."""
    before = draw(st.sampled_from(["", *MESSAGES["before"]]))
    return (
        before + draw(st.sampled_from(MESSAGES["urgent"])) + draw(st.sampled_from(["", *MESSAGES["after"]]))
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(EVERY),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
KEYS = (
    "type",
    "text",
    "id",
    "timestamp",
    "from",
    "from_user_id",
    "interactive",
    "edit",
    "unsupported",
    "image",
    "context",
)


@st.composite
def meta_messages(draw: st.DrawFn) -> Any:
    """A message of Meta's Cloud API in which something is missing, added or of another kind."""
    if draw(st.integers(0, 9)) == 0:
        return draw(JSON)
    made = dict(draw(st.sampled_from(WEBHOOKS)))
    if draw(st.booleans()):
        made = {"type": "text", "text": {"body": draw(messages())}}
    for key in draw(st.lists(st.sampled_from(KEYS), max_size=2)):
        made[key] = draw(JSON)
    return made


TWILIO_KEYS = (
    "NumMedia", "MediaContentType0", "Latitude", "ButtonPayload", "ButtonText", "OptOutType", "MessageSid", "SmsSid",
    "ProfileName", "MessageType", "ReferralBody",
)  # fmt: skip


@st.composite
def twilio_extras(draw: st.DrawFn) -> dict[str, str]:
    """Parameters of a webhook of Twilio's with values that do not belong there."""
    values = st.sampled_from(["", "0", "1", "-1", "abc", "image/png", "audio/ogg", "/restart"]) | st.text(
        max_size=20
    )
    return draw(st.dictionaries(st.sampled_from(TWILIO_KEYS), values, max_size=4))


def _digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


@st.composite
def _nhs_number(draw: st.DrawFn) -> str:
    """Ten digits, the last of which checks the others (modulus 11; NHS data dictionary)."""
    nine = draw(_digits(9).filter(lambda digits: _check(digits) != 10))
    whole = nine + str(_check(nine))
    return draw(
        st.sampled_from(
            [whole, f"{whole[:3]} {whole[3:6]} {whole[6:]}", f"{whole[:3]}-{whole[3:6]}-{whole[6:]}"]
        )
    )


def _check(nine: str) -> int:
    return (
        11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    ) % 11


PERSONAL: dict[str, st.SearchStrategy[str]] = {
    # numbers that nobody has (Ofcom's for drama)
    "phone": st.builds(
        str.format, st.sampled_from(["07700 900{}", "07700900{}", "+44 7700 900{}", "020 7946 0{}", "07700-900-{}"]), _digits(3)
    ),
    "email": st.builds("{}.{}@example.org".format, st.text("abcdefgz", min_size=2, max_size=8), _digits(2)),
    "postcode": st.builds("{} {}{}".format, st.sampled_from(["BR1", "BR6", "br2", "SE20"]), st.sampled_from("3579"), st.sampled_from(["ZZ", "XQ", "bl"])),
    "NHS number": _nhs_number(),
    "UPN": st.builds("{}{}".format, st.sampled_from("ABHT"), _digits(12)),
    "date of birth": st.builds(
        "{} {}/{}/201{}".format, st.sampled_from(["dob", "DOB:", "born on", "date of birth"]),
        st.integers(1, 28), st.integers(1, 12), st.integers(0, 9),
    ),
}  # fmt: skip
"""Personal data by kind, in the ways of writing it that are taken out."""
