"""Articles that an edition used, when their feed, page or file says something else later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import escape
from pathlib import Path

import pytest
from feed_site import HOUR, NOW, House, Reply, Site, Untouched, keeping, quiet, saying, serving
from store_cases import digest

from briefing.adapters.confined import InPlace
from briefing.adapters.folder import ArticleFolder
from briefing.news import Article, Edition, Revision
from briefing.pipeline.intake import from_folder
from briefing.pipeline.rereading import MOST_PAGES

TODAY = NOW.date()
LEAD = "The port authority of Lunden said on Friday that nine ferries would use the north pier."
BODY = (
    "The minister for ports opened the pier in the morning, before some three hundred guests.",
    "Dock workers had asked for a second crane for three years, and the authority had refused.",
    "It will be built by the spring, the minister told the guests, if the price is not too high.",
    "The old pier is to be taken down next summer, when the last of its sheds will be empty.",
)
TITLE = "Nine ferries for the north pier"


@dataclass(frozen=True)
class Item:
    """An entry of the feed."""

    key: str = "one"
    title: str = TITLE
    lead: str = LEAD
    link: str = ""
    guid: str = ""


def feed(site: Site, *items: Item, headers: tuple[tuple[str, str], ...] = ()) -> None:
    """Let the site's feed say this."""
    written = "".join(
        f"<item><title>{escape(one.title)}</title>"
        f"<link>{site.url(one.link) if one.link else ''}</link>"
        f"<guid isPermaLink='false'>{one.guid or one.key}</guid>"
        f"<description>{escape(one.lead)}</description></item>"
        for one in items
    )
    body = f"<rss version='2.0'><channel>{written}</channel></rss>".encode()
    site.pages["/rss"] = saying(body, *headers)


def page(*body: str, title: str = TITLE) -> bytes:
    told = "".join(f"<p>{one}</p>" for one in body)
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body><nav><a href='/'>Home</a>"
        f"</nav><article><h1>{title}</h1>{told}</article></body></html>"
    ).encode()


HTML = ("Content-Type", "text/html; charset=utf-8")


@dataclass
class Desk:
    """A house that polls one feed, and an edition of Friday that cites what came in."""

    site: Site
    house: House
    hours: int = 0

    def poll(self) -> None:
        self.hours += 1
        self.house.poll(self.site.feed("/rss"), at=NOW + self.hours * HOUR)

    @property
    def stored(self) -> list[Article]:
        return self.house.store.pending(Edition("nobody", NOW.date()))

    def cite(self, *, day: date = TODAY) -> list[Article]:
        found = self.stored
        cited_by(self.house, found, day=day)
        return found

    def found(self) -> list[Revision]:
        return list(self.house.store.revisions(one.id for one in self.stored).values())

    def one(self) -> Revision:
        (found,) = self.found()
        return found


def cited_by(house: House, articles: Sequence[Article], *, day: date = TODAY) -> None:
    made = digest(Edition("harbour", day), "S")
    passages = tuple(one.passages[0] for one in articles)
    made = replace(made, subject=replace(made.subject, passages=passages))
    house.store.record(made, [], skips=[], evidence="{}")


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


@pytest.fixture
def house(site: Site, tmp_path: Path) -> Iterator[House]:
    with keeping(site, tmp_path) as made:
        yield made


@pytest.fixture
def desk(site: Site, house: House) -> Desk:
    """The feed's one entry has a page, and an edition cites its article."""
    site.pages["/one"] = saying(page(*BODY), HTML)
    feed(site, Item(link="/one"))
    made = Desk(site, house)
    made.poll()
    (article,) = made.cite()
    assert [p.text for p in article.body] == list(BODY)
    return made


@pytest.fixture
def wordy(site: Site, house: House) -> Desk:
    """The feed's one entry has no page: the feed carries its words."""
    feed(site, Item(lead=" ".join((LEAD, *BODY))))
    made = Desk(site, house)
    made.poll()
    made.cite()
    return made


# -- edited ------------------------------------------------------------------------------------


def test_words_that_the_feed_changed_are_noticed_once(wordy: Desk) -> None:
    for lead in (LEAD, LEAD.replace("nine", "seven"), LEAD.replace("nine", "seven")):
        feed(wordy.site, Item(lead=" ".join((lead, *BODY))))
        wordy.poll()
    found = wordy.one()
    assert (found.kind, found.noticed) == ("edited", NOW + 3 * HOUR)
    assert found.revised is not None
    assert "seven ferries" in found.revised.text
    assert {p.article for p in found.revised.passages} == {f"{found.article}~1"}
    (first,) = wordy.stored
    assert "nine ferries" in first.text


def test_a_page_is_fetched_again_when_the_feed_says_something_else(desk: Desk) -> None:
    body = [one.replace("three hundred", "four hundred") for one in BODY]
    desk.site.pages["/one"] = saying(page(*body), HTML)
    desk.poll()  # the feed says the same: nobody looks
    assert (desk.site.count("/one"), desk.found()) == (1, [])
    feed(desk.site, Item(link="/one", lead=f"Updated. {LEAD}"))
    for _ in range(3):
        desk.poll()
    assert desk.site.count("/one") == 2
    revised = desk.one().revised
    assert revised is not None
    assert [p.text for p in revised.body] == body


def test_another_headline_is_an_edit(desk: Desk) -> None:
    feed(desk.site, Item(link="/one", title="Seven ferries for the north pier"))
    desk.poll()
    revised = desk.one().revised
    assert revised is not None
    assert revised.title == "Seven ferries for the north pier"


def test_a_new_key_for_the_same_page_is_the_same_entry(desk: Desk) -> None:
    body = [*BODY[:3], "The old pier is to stay."]
    desk.site.pages["/one"] = saying(page(*body), HTML)
    feed(desk.site, Item(link="/one", guid="one#1", lead=f"Updated. {LEAD}"))
    desk.poll()
    assert len(desk.stored) == 1
    revised = desk.one().revised
    assert revised is not None
    assert revised.body[-1].text == "The old pier is to stay."


def test_an_edit_of_an_edit_and_the_way_back(wordy: Desk) -> None:
    texts = []
    for number in ("seven", "eight", "nine"):
        feed(wordy.site, Item(lead=" ".join((LEAD.replace("nine", number), *BODY))))
        wordy.poll()
        revised = wordy.one().revised
        assert revised is not None
        texts.append(revised.body[0].text)
    assert texts == [LEAD.replace("nine", number) for number in ("seven", "eight", "nine")]


# -- not edited --------------------------------------------------------------------------------


def test_another_teaser_of_the_same_page_is_no_edit_and_loads_no_model(desk: Desk) -> None:
    feed(desk.site, Item(link="/one", lead="What to know about the pier."))
    desk.house.models = Untouched()
    for _ in range(3):
        desk.poll()
    assert (desk.site.count("/one"), desk.found()) == (2, [])


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(page(BODY[0], "Subscribe to read on."), id="paywall"),
        pytest.param(page("Verify that you are human."), id="captcha"),
        pytest.param(page("The king opened a garden in the hills.", title="Garden"), id="other"),
    ],
)
def test_a_page_that_is_not_the_article_any_more_says_nothing(desk: Desk, now: bytes) -> None:
    desk.site.pages["/one"] = saying(now, HTML)
    feed(desk.site, Item(link="/one", lead="Other words."))
    desk.poll()
    assert desk.found() == []


def test_a_page_that_can_be_had_now_is_no_edit_of_the_feed_s_words(
    site: Site, house: House
) -> None:
    """The first time it could not be, so that the article is what the feed said."""
    site.pages["/one"] = saying(b"busy", status=503)
    feed(site, Item(link="/one"))
    desk = Desk(site, house)
    desk.poll()
    (article,) = desk.cite()
    assert [p.text for p in article.body] == [LEAD]
    site.pages["/one"] = saying(page(*BODY), HTML)
    feed(site, Item(link="/one", lead=LEAD.replace("nine", "seven")))
    desk.poll()
    revised = desk.one().revised
    assert revised is not None
    assert [p.text for p in revised.body] == [LEAD.replace("nine", "seven")]


def test_an_entry_that_a_feed_drops_is_not_withdrawn(desk: Desk) -> None:
    feed(desk.site, Item("two", "Garden", "The king opened a garden in the hills of Lunden."))
    desk.poll()
    assert desk.found() == []


def test_what_no_edition_cites_is_left_alone(site: Site, house: House) -> None:
    feed(site, Item())
    desk = Desk(site, house)
    desk.poll()
    feed(site, Item(lead=LEAD.replace("nine", "seven")))
    desk.poll()
    assert desk.found() == []
    desk.cite(day=NOW.date() - timedelta(days=31))  # too long ago
    desk.poll()
    assert desk.found() == []
    desk.cite()  # only now: what the feed changed meanwhile counts
    desk.poll()
    assert desk.one().kind == "edited"


# -- withdrawn ---------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_withdrawn(desk: Desk, status: int) -> None:
    desk.site.pages["/one"] = saying(b"Gone.", status=status)
    desk.poll()
    assert desk.found() == []
    feed(desk.site, Item(link="/one", lead="Other words."))
    desk.poll()
    found = desk.one()
    assert (found.kind, found.revised) == ("withdrawn", None)
    (first,) = desk.stored
    assert [p.text for p in first.body] == list(BODY)
    desk.site.pages["/one"] = saying(page(*BODY), HTML)  # by mistake
    feed(desk.site, Item(link="/one"))
    desk.poll()
    revised = desk.one().revised
    assert revised is not None  # it is there again
    assert revised.text == first.text


def test_a_page_that_was_never_there_is_not_withdrawn(site: Site, house: House) -> None:
    feed(site, Item(link="/gone"))
    desk = Desk(site, house)
    desk.poll()
    desk.cite()
    feed(site, Item(link="/gone", lead=LEAD.replace("nine", "seven")))
    desk.poll()
    assert desk.one().kind == "edited"


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(page("This article has been withdrawn."), id="notice"),
        pytest.param(page("This story was removed, as it named the wrong pier."), id="removed"),
        pytest.param(page(*BODY, title=f"RETRACTED: {TITLE}"), id="headline"),
        pytest.param(page("This article has been retracted.", *BODY), id="kept below"),
    ],
)
def test_a_page_that_says_so_is_withdrawn(desk: Desk, now: bytes) -> None:
    desk.site.pages["/one"] = saying(now, HTML)
    feed(desk.site, Item(link="/one", lead=f"{LEAD} More follows."))
    desk.poll()
    assert desk.one().kind == "withdrawn"


@pytest.mark.parametrize(
    "now",
    [
        Item(link="/one", title=f"RETRACTED: {TITLE}"),
        Item(link="/one", title=f"Withdrawn: {TITLE}", lead=""),
        Item(link="/one", lead="This article has been withdrawn."),
    ],
)
def test_a_feed_that_says_so_is_withdrawn(desk: Desk, now: Item) -> None:
    feed(desk.site, now)
    desk.poll()
    assert desk.one().kind == "withdrawn"


# -- bounded, and nothing forgotten ------------------------------------------------------------


@pytest.mark.parametrize(
    "trouble", [Reply(status=503), Reply(status=429), Reply(page(), (HTML,), 204)]
)
def test_a_page_that_cannot_be_had_is_asked_for_until_it_can(desk: Desk, trouble: Reply) -> None:
    desk.site.pages["/one"] = lambda _: trouble
    feed(desk.site, Item(link="/one", lead="Other words."), headers=(("ETag", '"two"'),))
    for _ in range(2):
        desk.poll()
        assert desk.found() == []
        _, asked = [one for one in desk.site.asked if one[0] == "/rss"][-1]
        assert asked["If-None-Match"] is None  # the feed is to say it once more
    desk.site.pages["/one"] = saying(page(*BODY[:3]), HTML)
    desk.poll()
    assert desk.one().kind == "edited"
    desk.poll()
    assert desk.site.asked[-1][1]["If-None-Match"] == '"two"'
    assert desk.site.count("/one") == 4


def test_a_page_that_is_refused_is_not_asked_for_again(desk: Desk) -> None:
    desk.site.pages["/one"] = saying(b"No.", status=403)
    feed(desk.site, Item(link="/one", lead="Other words."))
    for _ in range(3):
        desk.poll()
    assert (desk.site.count("/one"), desk.found()) == (2, [])


def test_so_many_pages_at_most_and_the_rest_the_next_time(site: Site, house: House) -> None:
    items = [Item(f"k{n}", link=f"/{n}", title=f"{TITLE}, part {n}") for n in range(MOST_PAGES + 5)]
    for one in items:
        site.pages[one.link] = saying(page(*BODY, title=one.title), HTML)
    feed(site, *items)
    desk = Desk(site, house)
    desk.poll()
    assert len(desk.cite()) == len(items)
    site.asked.clear()
    for one in items:
        site.pages[one.link] = saying(page(*BODY[1:], title=one.title), HTML)
    feed(site, *(replace(one, lead="Other words.") for one in items))
    counts = []
    for _ in range(3):
        desk.poll()
        counts.append(sum(where != "/rss" for where, _ in site.asked))
    assert counts == [MOST_PAGES, MOST_PAGES + 5, MOST_PAGES + 5]
    assert len(desk.found()) == len(items)


def test_an_intake_cut_off_compares_once_more(wordy: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    feed(wordy.site, Item(lead=" ".join((LEAD.replace("nine", "seven"), *BODY))))

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(wordy.house.store, "note_revision", cut)
        with pytest.raises(KeyboardInterrupt):
            wordy.poll()
    assert wordy.found() == []
    with monkeypatch.context() as patch:
        patch.setattr(wordy.house.store, "note_said", cut)
        with pytest.raises(KeyboardInterrupt):
            wordy.poll()
    wordy.poll()
    assert wordy.one().noticed == NOW + 3 * HOUR


# -- posts of a live blog ----------------------------------------------------------------------


def blog(*posts: str) -> bytes:
    """The newest first, as they are: each post counts from the top."""
    updates = ",".join(
        f'{{"@type": "BlogPosting", "headline": "Post {name}", "articleBody": "{text}",'
        f' "datePublished": "2024-11-22T0{hour}:00:00Z"}}'
        for hour, (name, text) in enumerate((post.split(": ") for post in reversed(posts)), start=1)
    )
    shown = "".join(f"<p>{post.partition(': ')[2]}</p>" for post in reversed(posts))
    return (
        "<!doctype html><html><head><script type='application/ld+json'>"
        '{"@context": "https://schema.org", "@type": "LiveBlogPosting", "headline": "Live",'
        f' "liveBlogUpdate": [{updates}]}}</script></head><body><h1>Live</h1>{shown}</body></html>'
    ).encode()


def test_posts_of_a_live_blog_are_known_by_their_words(site: Site, house: House) -> None:
    posts = [f"{name}: {text}" for name, text in zip("abc", BODY, strict=False)]
    site.pages["/one"] = saying(blog(*posts), HTML)
    feed(site, Item(link="/one", lead="Live."))
    desk = Desk(site, house)
    desk.poll()
    assert len(desk.cite()) == 3
    edited = posts[1].replace("three years", "four years")
    site.pages["/one"] = saying(blog(f"d: {BODY[3]}", posts[0], edited, posts[2]), HTML)
    feed(site, Item(link="/one", lead="Live, once more."))
    desk.poll()
    found = desk.one()
    assert found.revised is not None
    assert "four years" in found.revised.text
    (old,) = [one for one in desk.stored if one.id == found.article]
    assert "three years" in old.text


# -- files -------------------------------------------------------------------------------------


@pytest.fixture
def files(house: House, tmp_path: Path) -> Files:
    return Files(house, tmp_path / "seeds")


@dataclass
class Files:
    """A folder of articles that a house reads."""

    house: House
    where: Path

    def read(self, **texts: str) -> list[Article]:
        """Write files and take them in; return all articles."""
        self.where.mkdir(exist_ok=True)
        for name, text in texts.items():
            (self.where / f"{name}.txt").write_text(text)
        from_folder(
            ArticleFolder(self.where), parsers=InPlace(), store=self.house.store,
            models=self.house.models, as_of=NOW.date(), now=NOW, progress=quiet,
        )  # fmt: skip
        return self.house.store.pending(Edition("nobody", NOW.date()))

    def found(self, articles: Sequence[Article]) -> dict[str, str]:
        found = self.house.store.revisions(one.id for one in articles)
        return {id_: one.revised.text if one.revised else one.kind for id_, one in found.items()}


TEXT = "\n\n".join(BODY)


def test_a_file_that_was_changed_is_an_edit_of_what_was_cited(files: Files) -> None:
    old = files.read(one=TEXT, two="The king opened a garden in the hills of Lunden on Friday.")
    cited_by(files.house, old)
    now = files.read(one=TEXT.replace("three years", "four years"))
    assert len(now) == 3
    (first,) = [one for one in old if "crane" in one.text]
    assert files.found(now) == {first.id: first.text.replace("three years", "four years")}
    again = files.read(one=TEXT.replace("three years", "five years"))  # of the first, once more
    assert "five years" in files.found(again)[first.id]


@pytest.mark.parametrize("head", ["RETRACTED: the pier\n\n", "This article has been withdrawn."])
def test_a_file_that_says_so_is_withdrawn(files: Files, head: str) -> None:
    old = files.read(one=TEXT)
    cited_by(files.house, old)
    files.read(one=head)
    assert files.found(old) == {old[0].id: "withdrawn"}


def test_a_file_with_another_article_or_none_takes_nothing_back(files: Files) -> None:
    old = files.read(one=TEXT, two=TEXT.replace("pier", "quay"))
    cited_by(files.house, old)
    files.read(one="The king opened a garden in the hills of Lunden on Friday.")
    (files.where / "two.txt").unlink()
    assert files.found(files.read()) == {}
