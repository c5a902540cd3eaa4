"""How far one word is from another, in letters."""


def changed_letters(a: str, b: str) -> int:
    """How many letters are put in, left out, exchanged, or change places with the next, between the two words (optimal
    string alignment).
    """
    before_last: list[int] = []
    last = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            fewest = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and a[i - 2 : i] == b[j - 1] + b[j - 2]:
                fewest = min(fewest, before_last[j - 2] + 1)
            row.append(fewest)
        before_last, last = last, row
    return last[-1]
