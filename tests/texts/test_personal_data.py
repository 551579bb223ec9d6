"""Likely personal data is found, and ordinary text is not reported."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from middleground.texts.personal_data import Kind, PersonalDatum, Piece, find, pieces

MEANT = [
    ("phone", "(213) 555-0147", "Call me at (213) 555-0147 about this."),
    ("phone", "213-555-0147", "Reach the organiser: 213-555-0147"),
    ("phone", "213.555.0147", "213.555.0147 is where she can be found"),
    ("phone", "+1 213 555 0147", "Text +1 213 555 0147 if you see a van."),
    ("phone", "2135550147", "His number is 2135550147."),
    ("phone", "12135550147", "His number is 12135550147."),
    ("phone", "+49 151 23456789", "Ruf an: +49 151 23456789"),
    ("phone", "+44 (0)20 7946 0958", "Ring +44 (0)20 7946 0958 at night"),
    ("phone", "+52 55 5061 5000", "Llama al +52 55 5061 5000"),
    ("phone", "٢١٣٥٥٥٠١٤٧", "Number: ٢١٣٥٥٥٠١٤٧"),
    ("phone", "555-0147", "call Ana on 555-0147"),
    ("phone", "030 1234567", "Phone me: 030 1234567"),
    ("email", "jo.doe+x@mail.example.org", "Write to jo.doe+x@mail.example.org today"),
    ("email", "JO@EXAMPLE.COM", "JO@EXAMPLE.COM organises it"),
    ("email", "jo.doe at gmail dot com", "I am jo.doe at gmail dot com"),
    ("email", "jo.doe [at] gmail.com", "I am jo.doe [at] gmail.com"),
    ("address", "1420 Maple Street", "They stopped a man at 1420 Maple Street."),
    ("address", "1420 N. San Pedro St.", "He lives at 1420 N. San Pedro St."),
    ("address", "87 E 4th Ave, Apt 5B", "Look at 87 E 4th Ave, Apt 5B for proof"),
    ("address", "1420 W 23rd Street", "raid on 1420 W 23rd Street yesterday"),
    ("address", "1420 maple street", "they live at 1420 maple street."),
    ("address", "33 north soto avenue", "33 north soto avenue is full of them"),
    ("address", "apartment 12B", "ask in apartment 12B."),
    ("address", "Hauptstraße 12a", "Er wohnt Hauptstraße 12a."),
    ("address", "Calle de la Luna 24", "Vive en Calle de la Luna 24."),
    ("plate", "7ABC123", "The van was 7ABC123."),
    ("plate", "B-MG 1234", "Das Auto B-MG 1234 steht dort."),
    ("plate", "ABC 1234", "A white van, plate ABC 1234, follows people."),
    ("plate", "8XYZ", "The plate was 8XYZ"),
    ("handle", "@jo_doe", "@jo_doe posts where they are"),
    ("handle", "@jo.doe", "Ask (@jo.doe)."),
    ("handle", "instagram.com/jo.doe", "see https://www.instagram.com/jo.doe for it"),
    ("handle", "t.me/joined", "join t.me/joined"),
    ("handle", "u/jo-doe", "u/jo-doe wrote this first"),
    ("handle", "jo_doe99", "my insta: jo_doe99"),
    ("number", "219-09-9999", "SSN 219-09-9999 is being used by two people"),
    ("number", "219099999", "his social security number is 219099999"),
    ("number", "A123456789", "Free A123456789!"),
    ("number", "A 123 456 789", "Where is A 123 456 789 held?"),
    ("number", "A# 12345678", "A# 12345678"),
    ("number", "WAC2190012345", "My case WAC2190012345 has waited for four years."),
    ("number", "D1234567", "driver's license D1234567"),
    ("number", "48213", "Badge number 48213 pushed me."),
    ("number", "4111 1111 1111 1111", "Donate to 4111 1111 1111 1111"),
    ("number", "DE89 3704 0044 0532 0130 00", "Send it to DE89 3704 0044 0532 0130 00 please"),
    ("number", "ES9121000418450200051332", "IBAN ES9121000418450200051332"),
    ("birth", "03/12/1981", "born 03/12/1981 in Puebla"),
    ("birth", "1981-03-12", "DOB: 1981-03-12"),
    ("person", "my neighbour Carlos", "They should visit my neighbour Carlos."),
    ("person", "My next-door neighbor Carlos Ruiz", "My next-door neighbor Carlos Ruiz helps all."),
    ("person", "our landlord Peter O’Brien", "our landlord Peter O’Brien threatens to call"),
    ("person", "my boss, Dana W.", "my boss, Dana W., pays in cash"),
    ("person", "Mrs. Gonzalez", "Mrs. Gonzalez on our street was taken."),
    ("person", "Officer Reyes", "Officer Reyes asked me for papers."),
    ("person", "Carlos Ruiz is undocumented", "Carlos Ruiz is undocumented."),
    (
        "person",
        "Carlos Ruiz from the car wash is here illegally",
        "Carlos Ruiz from the car wash is here illegally",
    ),
    ("person", "Maria Lopez lives on", "Maria Lopez lives on the hill"),
    (
        "person",
        "family next door has no papers",
        "The family next door has no papers and works hard.",
    ),
]

HARMLESS = [
    "Local police should not ask anyone about immigration status.",
    "Anyone who is undocumented and commits a violent crime should be deported.",
    "In 2019-2024 the city spent $1,250,000,000 on this.",
    "The budget is 2135550147 dollars".replace("2135550147", "2,135,550,147"),
    "Call 911 or 311, not ICE.",
    "Call 1-800-555-0147 for the city's hotline.",
    "8005550147 is the hotline of the county.",
    "My neighbors are afraid to open the door.",
    "My neighbor should not have to carry papers.",
    "My neighbour Is Not A Criminal",
    "Our teachers, nurses and builders keep this city running.",
    "Mayor Bass and Sheriff Luna should answer us.",
    "President Trump is right to enforce the law.",
    "Mr. President, read this.",
    "Dr. Martin Luther King would have marched.",
    "Los Angeles is undocumented people's home, too.",
    "Los Angeles works on fear right now.",
    "The 101 Freeway and the 405 were blocked.",
    "There were 24 Hour Drive-through tests.",
    "Plant 100 new street trees.",
    "Only 10 percent of the street is clean.",
    "Close 5 main streets to cars on Sundays.",
    "A 10 minute drive is a 40 minute bus ride.",
    "Make every two-way street a one-way street.",
    "Article 14 and SB 54 apply; so does AB 1766.",
    "Form I-765 takes 180-day renewals; 8 U.S.C. 1373 does not forbid that.",
    "COVID-19 and F-150 trucks have nothing to do with it.",
    "Between 200-1000 people came, 300-4000 according to others.",
    "Meet @ 5pm in the park.",
    "1234567890123 people is not a number that makes sense.",
    "He has been a citizen since 12/03/1981.",
    "Instagram is full of lies.",
    "Give 24/7 help; pay 3.14159265358979 dollars.",
    "A license plate reader should not share data with anyone.",
    "Police should wear a badge number that can be read.",
    "People in my building are scared.",
    "Police on my street should not ask who is undocumented.",
    "The United States is without papers for millions.",
    "每個人都應該投保。",
    "Niemand soll nach 22 Uhr Lärm machen.",
    "It is 7 Way or the highway.",
    "Apartment 3 blocks away from the school is too dear.",
    "Keep section 8 housing.",
    "Donate to 4111 1111 1111 1112",  # the check digit is wrong
    "Send it to DE88 3704 0044 0532 0130 00",  # likewise
    "+49 800 330 1000 is the hotline of the railway",
    "ISO 27001, RFC 6962 and DIN EN 1090 say how.",
    "Bus lines 720 and 217 run every 12 to 15 minutes, 5-9.",
    "Between 2020-11-03 and 2024-11-05 rents rose by 213 to 555 dollars.",
    "and/or that",
]


@pytest.mark.parametrize(("kind", "part", "text"), MEANT)
def test_personal_data_is_found_with_its_place(kind: str, part: str, text: str) -> None:
    start = text.index(part)
    assert find(text) == [PersonalDatum(Kind(kind), start, start + len(part))]


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_sentences_are_not_reported(text: str) -> None:
    assert find(text) == []


def test_two_findings_come_in_order_and_do_not_overlap() -> None:
    text = "Ask jo@example.org or @jo, 213-555-0147."
    assert [(text[f.start : f.end], f.kind) for f in find(text)] == [
        ("jo@example.org", Kind.EMAIL),
        ("@jo", Kind.HANDLE),
        ("213-555-0147", Kind.PHONE),
    ]


def test_pieces_put_the_text_together_again() -> None:
    text = "Ask jo@example.org now"
    assert pieces(text, find(text)) == [
        Piece("Ask ", None),
        Piece("jo@example.org", Kind.EMAIL),
        Piece(" now", None),
    ]


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_ordered_findings_and_whole_pieces(text: str) -> None:
    findings = find(text)
    places = [place for finding in findings for place in (finding.start, finding.end)]
    assert places == sorted(places)
    assert all(finding.start < finding.end for finding in findings)
    assert "".join(piece.text for piece in pieces(text, findings)) == text


@pytest.mark.parametrize(
    "unit", ["1", "1 ", "1-", "a.", "a@", "A ", "Aa ", "12 Aa Aa ", "call ", "Mr. Aa ", "a at "]
)
def test_the_longest_texts_take_little_time(unit: str) -> None:
    text = (unit * 1000)[:1000]
    began = time.process_time()
    find(text)
    assert time.process_time() - began < 0.2


@pytest.mark.parametrize(
    "between", ["\u200b", "\u2060", "\u00ad", "\ufeff", "\u200e", "\u200c", "\u200d", "\u180b"]
)
def test_a_character_that_nobody_sees_hides_nothing(between: str) -> None:
    text = f"Call 213-55{between}5-0142 now, or jo{between}@example.org"
    found = [(each.kind.value, text[each.start : each.end]) for each in find(text)]
    assert found == [
        ("phone", f"213-55{between}5-0142"),
        ("email", f"jo{between}@example.org"),
    ]


@pytest.mark.parametrize("digits", ["۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９"])
@pytest.mark.parametrize("number", ["+98 21 8876 5432", "+1 (213) 555-0123", "123-45-6789"])
def test_digits_of_another_script_hide_nothing(digits: str, number: str) -> None:
    typed = number.translate(str.maketrans("0123456789", digits))
    text = f"به من زنگ بزنید: {typed} امروز"
    kind = Kind.NUMBER if number.startswith("123") else Kind.PHONE
    (found,) = find(text)
    assert (found.kind, text[found.start : found.end]) == (kind, typed)
    assert find(f"در سال {typed[-4:]} بود") == []
