"""Numbers in words, as recognisers write them, into the digits that articles have: "four hundred three" is 403."""

import re

ONES = {
    "zero": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
}
_TEENS = {
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
}
_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_SMALL = {**ONES, **_TEENS, **_TENS}
_SCALES = {"hundred": 100, "thousand": 1000}
_NUMBER = "|".join([*_SMALL, *_SCALES])
# "five, six and seven" are three numbers; "four hundred and three" and "two thousand, one" are one.
_GAP = "(?:[ -]|(?:(?<=hundred)|(?<=thousand))(?:,? and |, ))"
_NUMBERS = re.compile(rf"\b(?:{_NUMBER})(?:{_GAP}(?:{_NUMBER}))+\b", re.IGNORECASE)
_FEWEST_DIGITS = 3  # "one two" is a count as often as a code
_MOST_WORDS = 12  # "nine hundred ninety nine thousand nine hundred ninety nine" has nine


def with_digits(question: str) -> str:
    """The question with the digits behind each number of several words."""
    return _NUMBERS.sub(lambda found: f"{found[0]} {digits}" if (digits := _digits(found[0])) else found[0], question)


def _digits(number: str) -> str:
    """Of "four hundred three", and of "four zero three"; "" when it is no number."""
    words = [word for word in re.split(r"[\s,-]+", number.lower()) if word != "and"]
    if len(words) > _MOST_WORDS:
        return ""
    if all(word in ONES for word in words):
        return "".join(str(ONES[word]) for word in words) if len(words) >= _FEWEST_DIGITS else ""
    total = part = 0
    last = 1000  # what the word before leaves room for
    for word in words:
        if word == "thousand":
            if total:
                return ""  # "two thousand three thousand" are two numbers
            total, part, last = 1000 * max(part, 1), 0, 1000
        elif word == "hundred":
            if part >= _SCALES[word]:
                return ""  # and so are "one hundred two hundred"
            part, last = 100 * max(part, 1), 100
        else:
            if _SMALL[word] >= last:
                return ""  # "fourteen eight" is not 22
            part += _SMALL[word]
            last = 10 if word in _TENS else 1
    return str(total + part)
