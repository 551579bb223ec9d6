"""Korean: dates and numbers, in Django's format characters."""

DATETIME_FORMAT = "Y년 n월 j일 A g:i"
