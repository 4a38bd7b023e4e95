"""Entity-swap augmentation: the same example in another world.

Names, countries, figures, weekdays and months of an example are replaced consistently in passages,
outlets, statements and corruptions. What remains the same is who did what to whom, which can only
be learnt by copying and binding: the names no longer help. Each word has one replacement and no two
words share one, so that what differed before differs afterwards: closed classes (countries,
weekdays, months, number words, weapons) are permuted as a whole, names take unused ones of a pool.
The new world is odd (a 53 November, a rise from 60 to 20), but odd in passages and statement alike.

Left alone is what the rest of the example may name in another form: countries beside a form of them
that is not listed, names that look like forms of one another (Ghana, Ghanaian), and all numbers
where a true statement has one that the passages write differently.

After entity-based data augmentation for factual consistency (Kryscinski et al. 2020, there used
to make errors; here it keeps the labels).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from briefing.text import lexicon
from briefing.text.lexicon import every, ordered
from training.pairs import Example

# Country, adjective, capital, and where it is another word, the people. Each form is permuted with
# its country; those with four forms among each other, and those with three.
COUNTRIES = """
Russia Russian Moscow Russians|Ukraine Ukrainian Kyiv Ukrainians|Germany German Berlin Germans
Britain British London Britons|Poland Polish Warsaw Poles|Italy Italian Rome Italians
Spain Spanish Madrid Spaniards|Sweden Swedish Stockholm Swedes|Norway Norwegian Oslo Norwegians
Finland Finnish Helsinki Finns|Turkey Turkish Ankara Turks|Iran Iranian Tehran Iranians
Israel Israeli Jerusalem Israelis|India Indian Delhi Indians|Hungary Hungarian Budapest Hungarians
Romania Romanian Bucharest Romanians|Serbia Serbian Belgrade Serbians|Egypt Egyptian Cairo Egyptians
Kenya Kenyan Nairobi Kenyans|Brazil Brazilian Brasilia Brazilians|Canada Canadian Ottawa Canadians
Austria Austrian Vienna Austrians|Belgium Belgian Brussels Belgians|Syria Syrian Damascus Syrians
Georgia Georgian Tbilisi Georgians|Armenia Armenian Yerevan Armenians
Azerbaijan Azerbaijani Baku Azerbaijanis|Estonia Estonian Tallinn Estonians
Latvia Latvian Riga Latvians|Lithuania Lithuanian Vilnius Lithuanians
Nigeria Nigerian Abuja Nigerians|Belarus Belarusian Minsk Belarusians
Moldova Moldovan Chisinau Moldovans|Croatia Croatian Zagreb Croatians
Denmark Danish Copenhagen Danes|Greece Greek Athens Greeks|Pakistan Pakistani Islamabad Pakistanis
Iraq Iraqi Baghdad Iraqis|Bulgaria Bulgarian Sofia Bulgarians
Australia Australian Canberra Australians|Slovakia Slovak Bratislava Slovaks
Kazakhstan Kazakh Astana Kazakhs|Afghanistan Afghan Kabul Afghans|Yemen Yemeni Sanaa Yemenis
France French Paris|China Chinese Beijing|Japan Japanese Tokyo|Portugal Portuguese Lisbon
Ireland Irish Dublin|Vietnam Vietnamese Hanoi|Lebanon Lebanese Beirut|Taiwan Taiwanese Taipei
Sudan Sudanese Khartoum
"""
WEEKDAYS = ordered("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
# Without May, which may be a verb.
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

# Capitalised words that are no names of the kind that may be swapped. Washington is one of them,
# because nothing else that stands for the United States is swapped.
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
Washington England English Scotland Scottish Wales Welsh
    """
)
# Britain, and other words for it or its parts, beside which it stays where it is.
_BRITISH = every("Britain British Britons London")
_BRITAIN = re.compile(r"\b(?:U\.?K\b|United Kingdom|Engl(?:and|ish)|Scot|Wales|Welsh)")
_LISTED = tuple(c.split() for c in COUNTRIES.strip().replace("\n", "|").split("|"))
_CLOSED = (
    every(COUNTRIES.replace("|", " "))
    | every(" ".join(WEEKDAYS + MONTHS) + " " + " ".join(NUMBERS).title())
    | every(WEAPONS.replace("|", " "))
    | every(WEAPONS.replace("|", "s ") + "s")
)
_CAPITAL = "A-ZÀ-ÖØ-Þ"
_TOKEN = re.compile(rf"[{_CAPITAL}](?:[\w’'-]*\w)?")
# Not at the start of a sentence, where any word has a capital letter.
_INSIDE = re.compile(rf"(?<=[\w,;’'-]\s)(?<![.!?][’']\s)(?:{_TOKEN.pattern})")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(rf"\b(?:{_FIGURE.pattern}|{'|'.join(NUMBERS)})\b", re.IGNORECASE)
_ALIKE = 4  # first letters that two forms of one name share


def swapped(example: Example, random: Random, *, figures: bool = True) -> Example:
    """The example with its names, countries, days and figures consistently replaced."""
    table = _table(example, random, figures=figures)
    pattern = _pattern(table)

    def other(text: str) -> str:
        return pattern.sub(lambda found: _replaced(found, table), text)

    return replace(
        example,
        passages=tuple((other(s), other(t)) for s, t in example.passages),
        headline=other(example.headline),
        statements=tuple(other(s) for s in example.statements),
        corrupt=tuple((k, other(t)) for k, t in example.corrupt),
    )


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words, whole, and the article before it.

    A name may be the second half of a compound (pro-Russian), a figure only after another one
    (5-2): the 16 of an F-16 and the two of twenty-two are no numbers of their own.
    """
    any_of = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(
        r"(?:\b([Aa])n?(\s+[“\"‘']?))?"
        rf"(?<!\w)(?:(?<!-)|(?=[{_CAPITAL}])|(?<=\d-)(?=\d))({any_of})(?!\w|[.,]\d)"
    )


def _replaced(found: re.Match[str], table: dict[str, str]) -> str:
    article, gap, word = found.groups(default="")
    new = table[word]
    if not article:
        return new
    return f"{article}{'n' if _opens_with_vowel(new) else ''}{gap}{new}"


def _opens_with_vowel(word: str) -> bool:
    """Whether a word of the table is spoken with a vowel first: an eight, an 11, a Ukrainian."""
    if word[0].isdigit():
        return bool(re.match(r"8|1[18](?!\d)", word))
    return word[0] in "AEIOUaeiou" and not word.startswith("Ukrain")


def _table(example: Example, random: Random, *, figures: bool) -> dict[str, str]:
    """What each word becomes: one to one among the words of the example."""
    texts = [part for passage in example.passages for part in passage]
    texts += [example.headline, *example.statements, *(t for _, t in example.corrupt)]
    seen = {_plain(word) for text in texts for word in _TOKEN.findall(text)}
    table = _countries(texts, seen, random)
    for closed in (WEEKDAYS, MONTHS):
        table.update(_rotated(closed, random))
    weapons = WEAPONS.split("|")
    for old, new in zip(weapons, random.sample(weapons, len(weapons)), strict=True):
        table |= {old: new, f"{old}s": new if new.endswith("S") else f"{new}s"}
    if figures and _numbers_agree(example):
        moved = _rotated(NUMBERS, random)
        table |= moved | {k.capitalize(): v.capitalize() for k, v in moved.items()}
        table |= _figures({f for text in texts for f in _FIGURE.findall(text)}, random)
    own = _names(texts, seen)
    pool = [word for word in POOL if word not in seen]
    table.update(zip(own, random.sample(pool, min(len(own), len(pool))), strict=False))
    return table


def _plain(word: str) -> str:
    """Without a possessive mark."""
    return word.removesuffix("’s").removesuffix("'s")


def _countries(texts: Sequence[str], seen: set[str], random: Random) -> dict[str, str]:
    """Countries to countries; none where the example has a form of one that is not listed."""
    names = {country[0].lower() for country in _LISTED}
    unlisted = {w for w in seen - _CLOSED if lexicon.DEMONYMS.get(w.lower()) in names}
    if unlisted or (seen & _BRITISH and any(_BRITAIN.search(text) for text in texts)):
        return {}
    table: dict[str, str] = {}
    for size in (3, 4):
        group = [country for country in _LISTED if len(country) == size]
        for old, new in zip(group, random.sample(group, len(group)), strict=True):
            table.update(zip(old, new, strict=True))
    return table


def _names(texts: Sequence[str], seen: set[str]) -> list[str]:
    """Words that are names wherever they stand, sorted."""
    inside = {_plain(word) for text in texts for word in _INSIDE.findall(text)}
    lower = {word for text in texts for word in re.findall(r"\b[a-z][\w-]*", text)}
    alike = Counter(word[:_ALIKE] for word in seen)
    demonyms = lexicon.DEMONYMS.keys() | set(lexicon.DEMONYMS.values())
    return sorted(
        word
        for word in inside - _CLOSED - _KEPT
        if len(word) >= 3
        and alike[word[:_ALIKE]] == 1
        and not word.isupper()
        and not ({word.lower(), word.lower().removesuffix("s")} & lower)
        and word.lower() not in demonyms
        and "-" not in word
        and not any(c.isdigit() for c in word)
    )


def _rotated(words: tuple[str, ...], random: Random) -> dict[str, str]:
    by = random.randrange(len(words))
    return {w: words[(k + by) % len(words)] for k, w in enumerate(words)}


def _numbers_agree(example: Example) -> bool:
    """Whether every number of a true statement stands in the passages or their outlets, as it is.

    If not, one is written "6" here and "six" there, and must not become two different ones.
    """
    there = {n.lower() for passage in example.passages for t in passage for n in _NUMBER.findall(t)}
    said = (example.headline, *example.statements)
    return all(n.lower() in there for text in said for n in _NUMBER.findall(text))


def _figures(found: set[str], random: Random) -> dict[str, str]:
    """Other figures of the same shape, no two the same; years, 1 and 0 stay and are never made."""
    table: dict[str, str] = {}
    taken = {f for f in found if _stays(f)}
    for figure in sorted(found - taken):
        shifts = [*random.sample(range(1, 9), 8), 0]  # of nine one is free: see _turned
        table[figure] = next(
            new
            for shift in shifts
            if (new := _turned(figure, shift)) not in taken and not _stays(new)
        )
        taken.add(table[figure])
    return table


def _stays(figure: str) -> bool:
    return figure in ("0", "1") or bool(_YEAR.fullmatch(figure))


def _turned(figure: str, shift: int) -> str:
    """The digits 1 to 9 turned like a wheel: nine figures that only become one another."""
    return "".join(str((int(c) - 1 + shift) % 9 + 1) if c in "123456789" else c for c in figure)
