"""How dates are written in English news: month and day names, and a pattern for each form."""

from __future__ import annotations

import re

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
DAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon",
            "tuesday tues tue",
            "wednesday weds wed",
            "thursday thurs thur thu",
            "friday fri",
            "saturday sat",
            "sunday",
        )
    )
    for name in names.split()
}
_MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November"
    r"|December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_TO = r"(?:\s*[-–—/]\s*|\s+(?:and|to|or|through)\s+)"
_DAY2 = r"(?P<day2>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ],
        start=1,
    )
} | {"a": 1, "an": 1}
UNITS = {"day": 1, "week": 7, "month": 30, "year": 365}

# Order matters: at one place the earlier pattern wins.
PATTERNS: tuple[re.Pattern[str], ...] = (
    # 2024-11-19, 2024/11/19
    re.compile(
        rf"(?<![\d.-]){_YEAR}([-/])(?P<month>1[0-2]|0?[1-9])\2(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)"
    ),
    # 19.11.2024
    re.compile(
        rf"(?<![\d.])(?P<day>3[01]|[12]\d|0?[1-9])\.\s?(?P<month>1[0-2]|0?[1-9])\.\s?{_YEAR}(?!\d)"
    ),
    # 19/11/2024 or 11/19/2024, only where one part can be no month
    re.compile(rf"(?<![\d/])(?P<slash1>\d{{1,2}})/(?P<slash2>\d{{1,2}})/{_YEAR}(?![\d/])"),
    # November 19-21, 2024; Nov. 19; November 19th, 2024
    re.compile(
        rf"\b{_MONTH}\s+(?:the\s+)?{_DAY}(?![\d:%])(?:{_TO}{_DAY2}(?![\d:%]))?"
        rf"(?:,?\s+{_YEAR}\b)?(?!\s*(?:,\d{{3}}|[.,]\d))"
    ),
    # 19-21 November 2024; 19th of November
    re.compile(
        rf"(?<![\d.,:$€£-])\b(?:(?P<day0>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?{_TO})?{_DAY}"
        rf"\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?\b"
    ),
    # February 2022
    re.compile(rf"(?<!\d\s)\b{_MONTH}(?:,|\s+of)?\s+{_YEAR}\b"),
    # in August, last September
    re.compile(
        r"(?i:\b(?P<lead>in|since|until|till|by|from|during|last|this|next|early|late|mid|through"
        r"|before|after|of|every)[\s-]+(?:(?:early|late|mid)[\s-]+)?)"
        + _MONTH
        + r"(?![\w'’]|\s+[A-Z]|\s+\d)"
    ),
    # in 2022
    re.compile(
        rf"(?i:\b(?:in|since|until|till|by|from|during|of|before|after|early|late|mid|and|"
        rf"to)[\s-]+)"
        rf"{_YEAR}(?![\d,.]\d|[\w%-])"
    ),
    # Tuesday, last Tuesday, Tues.
    re.compile(
        r"(?i:\b(?P<lead>last|next|this|coming|past)\s+)?\b(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri"
        r"|Satur|Sun)day|(?:Mon|Tues?|Weds?|Thurs?|Thu|Fri|Sat)\.)(?!\w)"
    ),
    # two days ago, three weeks later is left alone
    re.compile(
        r"(?i:\b(?:(?P<about>about|around|some|nearly|almost|over|more "
        r"than)\s+)?(?P<count>\d{1,3}|a"
        r"|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s+"
        r"(?P<unit>day|week|month|year)s?\s+(?:ago|(?P<elsewhere>earlier)))\b"
    ),
    re.compile(r"(?i:\b(?P<when>last|next|this)\s+(?P<unit>week|month|year))\b"),
    re.compile(
        r"(?i:\b(?P<word>the day before yesterday|the day after tomorrow|yesterday|today|tonight"
        r"|tomorrow|overnight|this (?:morning|afternoon|evening)|last night))\b"
    ),
)
WORDS = {
    "the day before yesterday": -2,
    "yesterday": -1,
    "last night": -1,
    "tomorrow": 1,
    "the day after tomorrow": 2,
}
WEEK_AWAY = re.compile(
    r",?\s+(?:of\s+)?(?:last\s+week|a\s+week\s+(?:ago|earlier)|next\s+week)\b", re.I
)
"""Behind a weekday: it is not the nearest one."""
WEEK_AWAY_BEFORE = re.compile(r"\b(?:last\s+week|a\s+week\s+ago|next\s+week),?\s+(?:on\s+)?$", re.I)
"""The same ahead of it."""
AHEAD = re.compile(
    r"(?i:\b(?:will|would|shall|due(?! to)|scheduled|planned|plans?|expected|set(?= to| for)|next"
    r"|coming|upcoming|is to|are to|deadline|deadlines|ahead of)\b)[^.!?;]*$"
    r"|(?i:\b(?:until|till|by|before)\s+(?:the\s+)?(?:(?:end|start|beginning) of\s+)?$)"
)
"""What lets a date lie ahead. "By" and "before" only right ahead of it: a treaty "signed by Putin
on 20 November" is signed, and a town hit "before dawn on Tuesday" is hit."""
