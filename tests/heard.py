"""What somebody hears: the replies to what they said last."""

from send_guide.domain.reply import Choice, Reply


class Heard:
    """``replies`` is what came back last."""

    replies: list[Reply]

    @property
    def hears(self) -> str:
        return "\n".join(reply.text for reply in self.replies)

    @property
    def kinds(self) -> list[str]:
        return [reply.kind for reply in self.replies]

    @property
    def choices(self) -> list[Choice]:
        return [choice for reply in self.replies for choice in reply.choices]

    @property
    def answers(self) -> list[str]:
        return [answer_id for reply in self.replies for answer_id in reply.answer_ids]
