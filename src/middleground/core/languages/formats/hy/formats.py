"""Armenian: dates and numbers, in Django's format characters."""

DATE_FORMAT = "j E, Y թ."
DATETIME_FORMAT = "j E, Y թ., H:i"
TIME_FORMAT = "H:i"
SHORT_DATE_FORMAT = "d.m.Y"
MONTH_DAY_FORMAT = "j E"
YEAR_MONTH_FORMAT = "Y թ. F"
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\N{NO-BREAK SPACE}"
NUMBER_GROUPING = 3
FIRST_DAY_OF_WEEK = 1
