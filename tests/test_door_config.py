"""What ``[web]`` says reaches the door, and what it says wrongly is named with file and line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from door_server import Server, door, refusal, reply, serving

from briefing import app, config
from briefing.errors import ConfigError
from briefing.news import Document


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as made:
        made.answers |= {"/feed": reply(b"<rss/>"), "/page": reply(b"<p>page")}
        yield made


def written(project: Path, web: str) -> Path:
    file = project / "config" / "briefing.toml"
    file.write_text(f'[run]\nstory = "harbour-strike"\n\n[web]\n{web}', "utf-8")
    return file


def opened(project: Path, web: str) -> app.App:
    return app.open(config.load(written(project, web), {}))


def allowing(server: Server) -> str:
    return f'allow_private = ["127.0.0.0/8"]\nallow_ports = [{server.port}]\npause = 0.0\n'


def agents(server: Server) -> list[str]:
    lines = [line for one in server.requests for line in one.decode().split("\r\n")]
    return [line.partition(": ")[2] for line in lines if line.lower().startswith("user-agent:")]


def test_every_request_says_who_asks_and_whom_to_write_to(project: Path, server: Server) -> None:
    web = opened(project, allowing(server) + 'contact = "news@example.org"\n').web
    web.fetch(server.url("/feed"))
    web.fetch(server.url("/page"), page=True)
    assert server.asked == ["/feed", "/robots.txt", "/page"]
    (agent,) = set(agents(server))
    assert agent.startswith("briefing/")
    assert agent.endswith("; +news@example.org)")


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("", " (news digest)"),
        ("https://example.org/bot", " (news digest; +https://example.org/bot)"),
        ("a@b.example\r\nX-Evil: 1", " (news digest; +a@b.exampleX-Evil: 1)"),
        ("пошта@example.org", " (news digest; +@example.org)"),
    ],
)
def test_a_contact_cannot_be_more_than_a_contact(server: Server, contact: str, said: str) -> None:
    door(server, contact=contact).fetch(server.url("/feed"))
    (agent,) = agents(server)
    assert agent.partition(" ")[1] + agent.partition(" ")[2] == said
    assert b"\r\nX-Evil" not in server.requests[0]


def test_robots_and_pause_come_from_the_configuration(project: Path, server: Server) -> None:
    server.answers["/robots.txt"] = reply(b"User-agent: *\nDisallow: /page\n")
    kept = opened(project, allowing(server))
    assert refusal(kept.web, server.url("/page"), page=True).reason == "robots.txt"
    off = opened(project, allowing(server) + "robots = false\n")
    assert isinstance(off.web.fetch(server.url("/page"), page=True), Document)
    default = opened(project, "")
    assert default.web._hosts._pause == 0.5
    assert default.web._robots is not None


@pytest.mark.parametrize(
    ("line", "says", "remedy"),
    [
        ('allow_private = ["192.168.1.0/33"]', "allow_private: '192.168.1.0/33'", "192.168.1.0/24"),
        ('allow_private = ["192.168.1.7/24"]', "allow_private: 192.168.1.7/24", "192.168.1.0/24"),
        ('allow_private = ["home"]', "allow_private: 'home'", "192.168.1.0/24"),
        ('allow_private = "192.168.1.0/24"', "allow_private must be a list of texts", "key ="),
        ("allow_ports = [0]", "allow_ports: 0 is no port", "1 to 65535"),
        ("allow_ports = [65536]", "allow_ports: 65536 is no port", "1 to 65535"),
        ("pause = -1", "pause must be from 0 to 60", "least seconds"),
        ("pause = nan", "pause must be from 0 to 60", "least seconds"),
        ('robots = "yes"', "robots must be true or false", "key = true"),
        ("robot = true", "unknown key 'robot' in [web]", "did you mean 'robots'?"),
        ("contact = 7", "contact must be a text", "key ="),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(
    project: Path, line: str, says: str, remedy: str
) -> None:
    file = written(project, f"# a remark\n{line}\n")
    with pytest.raises(ConfigError) as caught:
        app.open(config.load(file, {}))
    assert caught.value.where == f"{file}:6"
    assert says in caught.value.message
    assert remedy in caught.value.remedy


def test_a_home_network_may_be_allowed(project: Path) -> None:
    (network,) = opened(project, 'allow_private = ["192.168.1.0/24"]\n').web._allowed
    assert str(network) == "192.168.1.0/24"
