"""On a statement's page, below lists of findings and in "My votes": what became of statements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from middleground.answers.pages.news import news_by_statement
from middleground.answers.pages.today import today


def on_statement(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    dialogue, statement = page["dialogue"], page["statement"]
    news = news_by_statement(dialogue, [statement.pk], today())
    return {"news": news[statement.pk]} if news else None


def on_my_votes(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Of all statements that the page lists, those that somebody has looked at."""
    listed = {each.pk for each in page["written"]} | {each.statement.pk for each in page["votes"]}
    news = news_by_statement(page["dialogue"], listed, today()) if listed else {}
    return {"looked_at": list(news.values())} if news else None


def on_findings(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Of the statements in a list of findings, those that somebody has looked at."""
    listed = {entry.statement.pk for entry in page["entries"]}
    news = news_by_statement(page["dialogue"], listed, today()) if listed else {}
    return {"looked_at": list(news.values())} if news else None
