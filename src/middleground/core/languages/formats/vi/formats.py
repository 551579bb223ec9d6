"""Vietnamese: dates and numbers, in Django's format characters."""

DATE_FORMAT = r"\n\gà\y j \t\há\n\g n \nă\m Y"
DATETIME_FORMAT = r"H:i \n\gà\y j \t\há\n\g n \nă\m Y"
TIME_FORMAT = "H:i"
SHORT_DATE_FORMAT = "d/m/Y"
MONTH_DAY_FORMAT = r"\n\gà\y j \t\há\n\g n"
YEAR_MONTH_FORMAT = r"\t\há\n\g n \nă\m Y"
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "."
NUMBER_GROUPING = 3
FIRST_DAY_OF_WEEK = 1
