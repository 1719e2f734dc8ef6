"""All answers by who carries the duty and by topic, found by words, printed: for when nothing else helps."""

from __future__ import annotations

from itertools import groupby

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from send_guide.content import Answer, get_content
from send_guide.helpline.call import Call
from send_guide.helpline.parts import sent, words
from send_guide.helpline.reading import picked
from send_guide.helpline.search import search
from send_guide.staff.auth import signed_in, told
from send_guide.templating import page


def add_browsing(routes: Blueprint) -> None:
    """Add the routes."""
    routes.add_route(_browse, "/browse", methods=["GET", "POST"])
    routes.add_route(_all, "/all", methods=["GET"])
    routes.add_route(_one, "/answers/<answer_id:str>", methods=["GET"])


@signed_in("adviser")
async def _browse(request: Request) -> HTTPResponse:
    """List answers; what is looked for comes by POST, so that it stands in no address and no log."""
    looked_for = sent(request, "words").strip()
    found = search(looked_for) if looked_for else None
    shown = words(
        staff=request.ctx.staff, looked_for=looked_for, found=found, topics=topics(), duties=_duties()
    )
    return page("helpline/browse.html", **shown)


@signed_in("adviser")
async def _all(request: Request) -> HTTPResponse:
    """Show every answer in full on one page, to print."""
    return page("helpline/all.html", **words(staff=request.ctx.staff, topics=topics()))


@signed_in("adviser")
async def _one(request: Request, answer_id: str) -> HTTPResponse:
    findings = picked(answer_id, Call())
    if findings is None:
        return told(request, 404, "No such answer", "There is no answer at that address.")
    return page("helpline/one.html", **words(staff=request.ctx.staff, findings=findings))


def topics() -> list[tuple[str, list[Answer]]]:
    """Return (what a topic is called, its answers), in the order of ``data/helpline.yml``, then the rest."""
    content = get_content()
    sections = groupby(
        sorted(content.answers.values(), key=lambda answer: answer.section), lambda answer: answer.section
    )
    found = {section: list(answers) for section, answers in sections}
    order = [*content.topics, *(section for section in found if section not in content.topics)]
    return [
        (content.topics.get(section, section.capitalize()), found[section])
        for section in order
        if section in found
    ]


def _duties() -> list[tuple[str, list[Answer]]]:
    content = get_content()
    return [(role.name, content.duties_of(key)) for key, role in content.roles.items()]
