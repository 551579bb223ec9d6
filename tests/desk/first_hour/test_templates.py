"""A dialogue can begin with a template, and does not open while a place of it is left."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from middleground.dialogues.desk.first_hour.templates import TEMPLATES
from middleground.dialogues.desk.forms import DialogueForm
from middleground.dialogues.models import Dialogue
from middleground.texts.places import place_left
from support.cast import make_statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
NEW = "/desk/new/"
CODES = [each.code for each in TEMPLATES]


def begun(desk: Client, code: str) -> dict[str, object]:
    """What a browser sends of the form that a template filled in."""
    form = desk.post(NEW, {"template": code}).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {
        name: value
        for name, value in sent.items()
        if value not in (None, "") and value is not False
    }


def test_the_page_offers_each(desk: Client) -> None:
    page = desk.get(NEW).content.decode()
    assert re.findall(r'name="template" value="(\w+)"', page) == CODES
    assert "[" not in desk.get(NEW).context["form"]["promise"].as_widget()  # nothing is filled in
    assert "[" not in desk.post(NEW, {"template": "none"}).context["form"]["promise"].as_widget()


def test_what_was_typed_stays_and_the_chosen_one_is_marked(desk: Client) -> None:
    typed = {
        "question": "Which trees?", "host_name": "Port", "promise": "We read it.",
        "slug": "trees", "closes_at": "2030-01-02T10:00", "minimum_shown": "9", "vote_goal": "33",
    }  # fmt: skip
    answer = desk.post(NEW, {**typed, "template": "meeting"})
    form, page = answer.context["form"], answer.content.decode()
    assert {name: form[name].value() for name in typed} == {**typed, "vote_goal": 12}
    assert form["background"].value().startswith("## What it is about")  # it was empty
    assert form["open_participation"].value() is False
    assert not form.errors
    assert re.findall(r'value="(\w+)"[^>]* aria-current="true"', page) == ["meeting"]
    assert page.count(">chosen<") == 1
    assert not Dialogue.objects.exists()
    again = desk.post(NEW, {**begun(desk, "meeting"), **typed, "template": "weeks"})
    assert again.context["form"]["promise"].value() == "We read it."
    assert again.context["form"]["open_participation"].value() is True


def test_the_first_button_of_the_form_saves(desk: Client) -> None:
    """The Enter key in a field presses it."""
    form = desk.get(NEW).content.decode().partition('<form class="text"')[2]
    assert "template" not in re.findall(r"<button[^>]*>", form)[0]
    assert 'name="template"' in re.findall(r"<button[^>]*>", form)[1]  # the control


@pytest.mark.parametrize("template", TEMPLATES, ids=CODES)
def test_it_is_saved_with_its_rules_and_opens_without_brackets(
    desk: Client, template: object
) -> None:
    sent = {**begun(desk, template.code), "question": "Q?", "host_name": "Port", "slug": "harbour"}
    assert desk.post(NEW, sent).status_code == 302
    draft = Dialogue.objects.get()
    assert {name: getattr(draft, name) for name in template.rules} == template.rules
    for number in (1, 2):
        make_statement(draft, number)
    page = desk.get("/desk/harbour/").content.decode()
    assert "Needed to open: 3 of 5 done." in page
    assert "Replace what stands in brackets: [What is so today" in page
    desk.post("/desk/harbour/state/open/")
    assert Dialogue.objects.get().state == "draft"
    Dialogue.objects.update(background="[A link](https://example.org/) [sic]", promise="We answer.")
    desk.post("/desk/harbour/state/open/")
    assert Dialogue.objects.get().state != "draft"


@pytest.mark.parametrize("template", TEMPLATES, ids=CODES)
def test_all_that_the_host_must_write_is_a_place(template: object) -> None:
    assert set(template.initial) <= set(DialogueForm.Meta.fields)
    assert "question" not in template.initial
    for field in ("background", "promise"):
        text = str(template.initial[field])
        brackets = re.findall(r"\[.*?\]", text)
        assert len(brackets) == text.count("[") > 1
        assert all(place_left(each) == each for each in brackets)
