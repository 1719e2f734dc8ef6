"""A message that its provider has given no name is a message like any other."""

from tests.channels.providers import TwilioPhone


def test_two_messages_without_a_name_have_each_their_own_answer(phone: TwilioPhone) -> None:
    none = {"MessageSid": "", "SmsSid": ""}
    assert "0300 303 5857" not in phone.hears("who must appoint a senco", **none)
    assert "0300 303 5857" in phone.hears("number for the tribunal", **none)
