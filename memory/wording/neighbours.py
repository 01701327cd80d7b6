"""What stands around a phrase, and whether that lets it be a date."""

from memory.wording.date_words import FUNCTION_WORDS, ORDINALS, PARTS, UNITS, WEEKDAYS
from memory.wording.phrases import Got, Line, word_set
from memory.wording.values import Setting

Here = Got[Setting]


LEADS_TO_DAYS = word_set(
    "on by before until till til from since after for due this next last every each b4 "
    "between in of to and or through starting , ( - – : @ due"
)
"""Words after which a short word such as "sat" is a weekday."""


LEADS_TO_MONTHS = LEADS_TO_DAYS - word_set(": , to and or") | word_set(
    "during over early late mid was is re back far"
)
"""Words after which a word such as "may" is a month."""


VERBS_AFTER_MAY = word_set(
    "i we you he she they it be have not also need take seem help cause well still or never "
    "come go ask contact use want find apply vary include contain get make require"
)


TIME_WORDS = frozenset(PARTS) | {"noon", "midday", "half", "quarter", "from"}
"""Words that can only follow a short word such as "sat" when it is a weekday."""


def is_weekday_here(here: Here) -> bool:
    """Whether "sat" and "sun" are days here, judged by their neighbours."""
    if here.before in LEADS_TO_DAYS or here.after in WEEKDAYS or here.before in WEEKDAYS:
        return True
    following = here.line.tokens[here.end] if here.after else None
    if following is not None and (following.is_number or following.word in TIME_WORDS):
        return True
    if here.before in ("the", "a", "he", "she", "it", "i", "we", "they", "who", "my"):
        return False
    return here.after in ("", ",", ".", "?", "at", "and", "or", "-", "–", "pls", ")", ";")


def is_month_here(here: Here, word: str) -> bool:
    """Whether "may", "march", "june" and so on are months here, judged by their neighbours."""
    if word == "march" and here.after in ("on", "in", "out", "off", "past", "into"):
        return False
    if word == "may" and here.after in VERBS_AFTER_MAY:
        return False
    if here.before in LEADS_TO_MONTHS:
        return True
    return not here.before and here.after in ("", "?", ".", "!")


def is_ordinal(here: Here) -> bool:
    """Whether the phrase ends in "th" or a word like "third"."""
    last = here.line.word(here.end - 1)
    return last in ("st", "nd", "rd", "th") or last in ORDINALS


def is_numeric(here: Here) -> bool:
    """Whether the phrase writes its date in digits."""
    words = (here.line.word(place) for place in range(here.start, here.end))
    return any(word in ("/", ".") for word in words)


def follows_well(here: Here) -> bool:
    """Whether what comes behind the phrase cannot be the thing that its number counts."""
    return is_free(here.line.word(here.end), here)


CLOCK_SIGNS = word_set("am pm a.m. p.m. :")
"""What makes the number in front a time."""


def is_free(word: str, here: Here) -> bool:
    """Whether a word is a small one, a sign, or a word of time."""
    if not word or word in FUNCTION_WORDS or not (word.isalnum() or "'" in word):
        return word not in ("%", "€", "$", "£", "/", "°")
    token = here.line.tokens[here.end]
    if token.is_number:
        following = here.line.word(here.end + 1)
        return following in CLOCK_SIGNS and here.line.number(here.end + 1) is None
    return bool(token.keys) and word not in UNITS


RANGE_SIGNS = word_set("to until till til - – — through")
"""What stands between the two ends of a stretch."""
SIGNS_OF_MONEY = "$€£¥₹"
SIGNS_INSIDE = "-/.,:'’"
"""Signs that hold a figure together."""


def is_whole(line: Line[Setting], start: int, end: int) -> bool:
    """Whether a phrase is no part of a longer word or figure, such as INV-014 or 1,200."""
    return begins_whole(line, start) and ends_whole(line, end)


def begins_whole(line: Line[Setting], start: int) -> bool:
    """Whether nothing in front belongs to the same word or figure."""
    token = line.tokens[start]
    before = line.text[token.start - 1 : token.start]
    if not before or before.isspace():
        return True
    if before.isalnum():
        return not token.is_number and before.isdigit()
    if before == "_" or not token.is_number:
        return before != "_"
    if before in SIGNS_OF_MONEY or before in "#+":
        return False
    earlier = line.text[token.start - 2 : token.start - 1]
    return before not in SIGNS_INSIDE or not (
        earlier.isdigit() or (earlier.isalpha() and before in "-/.")
    )


def ends_whole(line: Line[Setting], end: int) -> bool:
    """Whether nothing behind belongs to the same word or figure."""
    token = line.tokens[end - 1]
    after = line.text[token.end : token.end + 1]
    if after.isalnum() or (after and after in "_@"):
        return False
    if not token.is_number or not after:
        return True
    if after in SIGNS_OF_MONEY or after == "%":
        return False
    return after not in SIGNS_INSIDE or not line.text[token.end + 1 : token.end + 2].isdigit()
