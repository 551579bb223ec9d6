"""On pages of statements and comments, below findings and in "My votes": what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from middleground.answers.pages.news import news_by_comment, news_by_statement, told_once
from middleground.answers.pages.today import today
from middleground.threads.models import Comment


def on_statement(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    dialogue, statement = page["dialogue"], page["statement"]
    news = news_by_statement(dialogue, [statement.pk], today())
    return {"news": news[statement.pk]} if news else None


def on_comment(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    dialogue, comment = page["dialogue"], page["comment"]
    news = news_by_comment(dialogue, [comment.pk], today())
    return {"news": news[comment.pk]} if news else None


def on_my_votes(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Of all statements that the page lists, and of own comments, those that somebody looked at."""
    listed = {each.pk for each in page["written"]} | {each.statement.pk for each in page["votes"]}
    news = news_by_statement(page["dialogue"], listed, today()) if listed else {}
    texts = [text for _kind, own in page["other_texts"] for text in own]
    comments = [text.pk for text in texts if isinstance(text, Comment)]
    of_comments = news_by_comment(page["dialogue"], comments, today()) if comments else {}
    found = [*news.values(), *of_comments.values()]
    return {"looked_at": told_once(found)} if found else None


def on_findings(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Of the statements in a list of findings, those that somebody has looked at."""
    listed = {entry.statement.pk for entry in page["entries"]}
    news = news_by_statement(page["dialogue"], listed, today()) if listed else {}
    return {"looked_at": told_once(list(news.values()))} if news else None
