"""Find an article's headline in its text, or make a readable one of its words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefing.stages.extract.blocks import Block
from briefing.text.boilerplate import reason
from briefing.text.sentences import sentences

_MOST_STATED = 25  # words of a headline; the longest in use have about 20
_MOST_MADE = 12  # words of a made title: fits one line of a phone
_LEAST_MADE = 4
_LEANS = re.compile(
    r"(?:he|she|it|they|this|that|these|those|there|but|and|or|his|her|its|their|such|here|both"
    r"|another|others|yet|so|also|we|i|you|who|which|what|\W)\b",
    re.I,
)
_OPENING = re.compile(
    r"(?:however|meanwhile|now|still|moreover|in addition|in contrast|in response|instead|indeed"
    r"|for (?:months|years|weeks)|on \w+day|on \w+ \d+|earlier|later|recently|also|yet|as expected"
    r"|in \w+)\s*,\s+",
    re.I,
)
# Not "that": "Moscow said on Tuesday" tells nothing.
_CLAUSE = re.compile(
    r"[,;:]\s|\s[–—-]\s|\s\(|—|\s(?:as|after|before|while|because|which|who|when|where|"
    r"since|amid"
    r"|despite|following|without|and|but)\s"
)
_PHRASE = re.compile(
    r"\s(?:against|during|according|in|on|at|for|with|by|from|to|of|or|under|over|near|into)\s"
)


_NAMED = re.compile(r"\s[A-Z]")  # says who or where, not only "One major issue has remained"


def same_title(one: str, other: str) -> bool:
    """Whether two lines are one headline, but for case, marks and a cut-off end."""
    a, b = _bare(one), _bare(other)
    if not a or not b:
        return False
    short, long = sorted((a, b), key=len)
    return a == b or (len(short) >= 0.6 * len(long) and len(short) > 20 and long.startswith(short))


def find_title(blocks: Sequence[Block]) -> int | None:
    """The number of the block that is the headline: the first line, short, without a final stop.

    Bylines, dates and other boilerplate before it are passed over (three at most). A text of one
    line has no headline; nor has one whose first line opens a quotation or a list.
    """
    for number, block in enumerate(blocks[:4]):
        if reason(block.text):
            continue
        if number + 1 >= len(blocks) or block.kind not in ("text", "heading"):
            return None
        line = block.text
        words = len(line.split())
        short = words <= _MOST_STATED and not re.search(r"[.:;,…][\"'”’)\]]*$", line)
        ends = re.search(r"[a-z]\.[\"'”’]?\s+[A-Z]", line)  # two sentences
        following = blocks[number + 1]
        heavier = len(following.text) > len(line) or following.kind == "heading"
        begins = line[0].isalnum() or line[0] in "\"“‘'«"
        return number if short and not ends and heavier and begins and words >= 2 else None
    return None


def make_title(text: str) -> str:
    """A title of at most twelve words, all of them from one of the text's first sentences.

    The first sentence that stands alone (no "He", "This", "But" at its head) and can be cut at a
    clause boundary is taken, without an opening such as "However,"; where it was cut, an ellipsis
    says so. It names the article and is no claim.
    """
    found = [text[start:end] for start, end in sentences(text)[:4]] or ["Untitled"]
    found = [sentence for sentence in found if re.search(r"[^\W_]", sentence)]
    plain = [_OPENING.sub("", sentence, count=1) for sentence in found]
    ready = [s for s in plain if not _LEANS.match(s)] or plain
    for boundary in (_CLAUSE, _PHRASE):
        for sentence in ready:
            cut = _cut(sentence, boundary)
            if cut and _NAMED.search(cut):
                return cut
    words = (ready[0] if ready else text).rstrip(". ").split()
    cut = " ".join(words[:_MOST_MADE])
    return _capital(cut + ("…" if len(words) > _MOST_MADE else ""))


def _cut(sentence: str, boundary: re.Pattern[str]) -> str:
    """The longest head of ``sentence`` that ends at a boundary and is short enough, or ``""``."""
    if len(sentence.split()) <= _MOST_MADE:
        return _capital(sentence.rstrip(". "))
    best = ""
    for match in boundary.finditer(sentence):
        head = sentence[: match.start()]
        if len(head.split()) > _MOST_MADE:
            break
        if len(head.split()) >= _LEAST_MADE and _balanced(head):
            best = head.rstrip()
    return _capital(best + "…") if best else ""


def _balanced(head: str) -> bool:
    return head.count("“") == head.count("”") and head.count('"') % 2 == 0 and "(" not in head


def _capital(line: str) -> str:
    return line[:1].upper() + line[1:]


def _bare(line: str) -> str:
    return re.sub(r"\W+", " ", line).strip().casefold()
