"""Forms to print in tests. The dialogue and its host are made up."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import Any

from middleground.demo.translated import translations_of
from middleground.paper.form import Direction, Form, PrintedStatement, Wording

SHEET = "0123456789ABCDEF"
ENGLISH = Wording(
    title="Paper form",
    hosted_by="Hosted by %(host)s",
    instructions="Do you agree? Fill one circle in each row, with a dark pen. "
    "Leave a row empty if you do not want to answer it.",
    example_filled="Fill one circle.",
    example_crossed="A cross counts, too.",
    example_two="Two marks in a row do not count. Ask for a new sheet.",
    agree="AGREE",
    disagree="DISAGREE",
    passed="PASS",
    own_statement="Your own statement",
    own_note="One sentence with which others can agree or disagree. Write no names.",
    no_name="Do not write your name. Do not sign.",
    page="Page %(page)s of %(pages)s",
    sheet="Sheet",
    stub_title="Tear off and keep",
    stub_text="With this number you can see that your sheet was counted as you marked it. "
    "It does not say who you are.",
    large_print="Large print",
)
SHORT = (
    "Buses should run until midnight.",
    "Police should not ask where somebody was born.",
    "People who break the law should be reported, whoever they are.",
    "Schools must stay open to all children.",
    "I want more officers on the streets at night.",
    "Interpreters should be free at every city office.",
    "Taxes are too high for what we get.",
    "Neighbors should meet once a month.",
    "The harbor needs jobs before parks.",
    "Landlords should not ask for papers.",
    "The city should publish every agreement with federal agencies.",
    "The city should help people become citizens.",
)


def a_form(texts: tuple[str, ...] = SHORT, **changes: Any) -> Form:
    """A form with statements number 3, 10, 17 and so on."""
    form = Form(
        edition=12,
        number=3,
        language="en",
        direction="ltr",
        paper="letter",
        large=False,
        question="How should our city work with federal immigration enforcement?",
        host="City of Harbor",
        statements=tuple(PrintedStatement(3 + 7 * i, text) for i, text in enumerate(texts)),
        wording=ENGLISH,
        own_statement=True,
        address="https://dialogue.example/ledger/verify/",
    )
    return replace(form, **changes)


# How the pages of the site name the answers.
ANSWERS = {
    "es": ("De acuerdo", "En desacuerdo", "Paso"),
    "zh-hans": ("同意", "不同意", "跳过"),
    "ko": ("찬성", "반대", "넘기기"),
    "tl": ("Sang-ayon", "Hindi sang-ayon", "Laktaw"),
    "vi": ("Đồng ý", "Không đồng ý", "Bỏ qua"),
    "hy": ("Համաձայն եմ", "Համաձայն չեմ", "Բաց թողնել"),
    "fa": ("موافق", "مخالف", "ممتنع"),
    "ar": ("أوافق", "لا أوافق", "تخطٍّ"),
}


def in_language(language: str, count: int = 12, **changes: Any) -> Form:
    """The form in another language. What it says is taken from the translated example."""
    (example,) = [each for each in translations_of("los-angeles") if each.language == language]
    texts = tuple(islice(example.statements.values(), count))
    agree, disagree, passed = ANSWERS[language]
    words = example.promise.split("\n\n")[0].replace("\n", " ")
    wording = replace(
        ENGLISH,
        title=texts[0],
        instructions=words,
        example_filled=agree,
        example_crossed=disagree,
        example_two=texts[1],
        agree=agree,
        disagree=disagree,
        passed=passed,
        own_statement=texts[2],
        own_note=texts[3],
        no_name=texts[4],
        page=f"{agree} %(page)s/%(pages)s",
        sheet=passed,
        stub_title=disagree,
        stub_text=words,
        large_print=agree,
    )
    direction: Direction = "rtl" if language in ("ar", "fa") else "ltr"
    return a_form(
        texts,
        language=language,
        direction=direction,
        question=example.question,
        wording=wording,
        **changes,
    )
