"""The cast of the tests of answers."""

from answers.conftest import agent, case, chief, harbour, staff, today, with_police

__all__ = ["agent", "case", "chief", "harbour", "staff", "today", "with_police"]
