"""Entity-swap augmentation: the same example in another world.

Names, countries, figures, weekdays and months of an example are replaced consistently in passages,
statements and corruptions. What remains the same is who did what to whom, which can only be learnt
by copying and binding: the names no longer help. Closed classes (countries, weekdays, months,
number words) are permuted as a whole, so that what differed before differs afterwards.

After entity-based data augmentation for factual consistency (Kryscinski et al. 2020, there used
to make errors; here it keeps the labels).
"""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from briefing.text.lexicon import every, ordered
from training.pairs import Example

# Country, adjective, capital. Permuted among each other as triples.
COUNTRIES = """
Russia Russian Moscow|Ukraine Ukrainian Kyiv|Germany German Berlin|France French Paris
Britain British London|Poland Polish Warsaw|Italy Italian Rome|Spain Spanish Madrid
Sweden Swedish Stockholm|Norway Norwegian Oslo|Finland Finnish Helsinki|Turkey Turkish Ankara
Iran Iranian Tehran|Israel Israeli Jerusalem|China Chinese Beijing|Japan Japanese Tokyo
India Indian Delhi|Hungary Hungarian Budapest|Romania Romanian Bucharest|Serbia Serbian Belgrade
Egypt Egyptian Cairo|Kenya Kenyan Nairobi|Mexico Mexican Canberra|Brazil Brazilian Brasilia
Canada Canadian Ottawa|Austria Austrian Vienna|Belgium Belgian Brussels|Syria Syrian Damascus
Georgia Georgian Tbilisi|Armenia Armenian Yerevan|Azerbaijan Azerbaijani Baku
Estonia Estonian Tallinn|Latvia Latvian Riga|Lithuania Lithuanian Vilnius|Nigeria Nigerian Abuja
Ethiopia Ethiopian Khartoum|Belarus Belarusian Minsk|Moldova Moldovan Chisinau
"""
WEEKDAYS = ordered("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
MONTHS = ordered(
    "January February March April June July August September October November December"
)
NUMBERS = ordered("two three four five six seven eight nine ten eleven twelve thirteen fifteen")
WEAPONS = "ATACMS|Storm Shadow|SCALP|Taurus|HIMARS|Iskander|Kinzhal|Oreshnik|Patriot|Leopard"

# Invented names without a country of their own.
POOL = ordered(
    """
Marlo Tessen Varga Oduya Lindt Soren Halvik Brenner Castell Dumas Ekwall Farouk Gruber Hadley Ibarra
Jansen Kovar Lazar Moreau Nasser Okafor Petrov Quist Rahimi Sandoval Takeda Ulmanis Vasko Wendt
Yilmaz Zander Alder Bruni Cermak Dragan Elbaz Fenwick Gallo Horvat Irmak Jelic Karlin Loren Mbeki
Novik Orlan Pavel Quirin Rostov Silva Tamm Umarov Velde Wirth Xanthos Yarrow Zoric Amsel Bekele
Corvin Dahl Esken Fodor Gant Hruby Ilves Jovan Kestrel Lupo Mirza Nolte Osei Pranic Radek Sarkis
Torv Ustin Vogt Walsh Yates Zelka Arden Belov Cobar Denholm Erskine Falun Gorza Hestia Ivrin Jaska
"""
)

# Capitalised words that are no names of the kind that may be swapped.
_KEPT = every(
    """
The A An In On At By For From To Of With Without After Before During Since Until As While When If
Although Though Because But And Or However According About Over Under Between Among It Its He She
They His Her Their There This That These Those Some Many Most All Both No Not One Two Three Four
Five Six Seven Eight Nine Ten President Prime Minister Ministry Foreign Defence Defense Interior
Finance Justice Energy Health Secretary General State Department House White Parliament Senate
Congress Council Committee Court Supreme Constitutional Commission Union European United Nations
States Kingdom Kremlin Pentagon NATO EU UN US U.S. UK U.K. Chancellor Chief Staff Army Navy Air
Force Forces Military Central Bank National Federal Agency Office Party Deputy Vice Governor Mayor
Judge Prosecutor Colonel Major Captain Admiral Brigadier Lieutenant Senator Spokesman Spokeswoman
Spokesperson Ambassador Commissioner Professor Dr Mr Mrs Ms Reuters AFP AP BBC Human Rights Watch
Officials Analysts Police Residents Ministers Lawmakers Speaking Asked Authorities Investigators
West Western East Eastern North Northern South Southern Sea Ocean River Lake Mount Island Institute
University Centre Center School College Post Times Wire Daily News Journal Herald Observer Review
Monitor Radio Ledger Chronicle Gazette Tribune Courier Dispatch Desk Morning Evening World Europe
Africa Asia America American Americans Arab Gulf Black Baltic Mediterranean Korea Korean May
"""
)
_TOKEN = re.compile(r"[A-ZÀ-ÖØ-Þ][\w’'-]*[\wà-ÿ]|[A-ZÀ-ÖØ-Þ]")
# Not at the start of a sentence, where any word has a capital letter.
_INSIDE = re.compile(r"(?<=[\w,;’'-]\s)" + f"(?:{_TOKEN.pattern})")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_ARTICLE = re.compile(r"\b([Aa])n?(\s+[\w\"“‘']+)")


def swapped(example: Example, random: Random) -> Example:
    """The example with its names, countries, days and figures consistently replaced."""
    texts = [t for _, t in example.passages]
    texts += [example.headline, *example.statements, *(t for _, t in example.corrupt)]
    table = _table(texts, random)
    pattern = re.compile(
        r"(?<![\w-])(?:" + "|".join(re.escape(k) for k in sorted(table, key=len, reverse=True))
        + r")(?![\w])"
    )  # fmt: skip

    def other(text: str) -> str:
        text = pattern.sub(lambda m: table[m.group()], text)
        return _ARTICLE.sub(_article, text)

    return replace(
        example,
        passages=tuple((s, other(t)) for s, t in example.passages),
        headline=other(example.headline),
        statements=tuple(other(s) for s in example.statements),
        corrupt=tuple((k, other(t)) for k, t in example.corrupt),
    )


def _table(texts: list[str], random: Random) -> dict[str, str]:
    """What each word becomes."""
    table: dict[str, str] = {}
    triples = [t.split() for t in COUNTRIES.replace("\n", "|").split("|") if t.strip()]
    kinds = random.sample(triples, len(triples))
    for old, new in zip(triples, kinds, strict=True):
        table.update(zip(old, new, strict=True))
    for closed in (WEEKDAYS, MONTHS, NUMBERS):
        moved = _rotated(closed, random)
        table.update(moved)
        if closed is NUMBERS:
            table.update({k.capitalize(): v.capitalize() for k, v in moved.items()})
    weapons = WEAPONS.split("|")
    table.update(zip(weapons, random.sample(weapons, len(weapons)), strict=True))
    joined = "\n".join(texts)
    seen = {w.removesuffix("’s").removesuffix("'s") for w in _TOKEN.findall(joined)}
    inside = {w.removesuffix("’s").removesuffix("'s") for w in _INSIDE.findall(joined)}
    lower = set(re.findall(r"\b[a-z][\w-]*", joined))
    own = [w for w in sorted(inside) if _is_name(w, table, lower)]
    pool = [w for w in POOL if w not in seen]
    table.update(zip(own, random.sample(pool, min(len(own), len(pool))), strict=False))
    for figure in {m for t in texts for m in _DIGITS.findall(t)}:
        table[figure] = _figure(figure, random)
    return table


def _is_name(word: str, table: dict[str, str], lower: set[str]) -> bool:
    return not (
        word in table
        or word in _KEPT
        or len(word) < 3
        or word.isupper()
        or word.lower() in lower
        or "-" in word
        or any(c.isdigit() for c in word)
    )


def _rotated(words: tuple[str, ...], random: Random) -> dict[str, str]:
    by = random.randrange(len(words))
    return {w: words[(k + by) % len(words)] for k, w in enumerate(words)}


def _figure(figure: str, random: Random) -> str:
    """A number of the same shape; years, 1 and 0 stay as they are."""
    if figure in ("0", "1") or re.fullmatch(r"(?:19|20)\d\d", figure):
        return figure
    shift = random.randrange(1, 9)
    # One rotation of the digits 1 to 9 for a whole figure: order of size is lost, difference kept.
    return "".join(
        str((int(c) - 1 + shift) % 9 + 1) if c.isdigit() and (c != "0" or k == 0) else c
        for k, c in enumerate(figure)
    )


def _article(found: re.Match[str]) -> str:
    word = found.group(2).strip().strip("\"“‘'")
    if not word[:1].isupper() or word.isupper():
        return found.group()
    vowel = word[0] in "AEIOUÄÖ" and not word.startswith(
        ("European", "Euro", "Uk", "United", "Uni")
    )
    return found.group(1) + ("n" if vowel else "") + found.group(2)
