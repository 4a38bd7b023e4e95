"""The configuration is read strictly, and every refusal names file, line and remedy."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from briefing import config, sections, stories, tables
from briefing.errors import ConfigError
from briefing.news import Story

ROOT = Path(__file__).parent.parent


def write(project: Path, text: str) -> Path:
    file = project / "config" / "briefing.toml"
    file.write_text(text, "utf-8")
    return file


def write_story(project: Path, text: str, *, name: str = "harbour-strike") -> Path:
    file = project / "config" / "stories" / f"{name}.toml"
    file.write_text(text, "utf-8")
    return file


def refusal(project: Path, text: str) -> ConfigError:
    write(project, text)
    with pytest.raises(ConfigError) as caught:
        config.load(None, {})
    assert caught.value.remedy, "every refusal says what to do"
    return caught.value


# -- what ships --------------------------------------------------------------------------------


def test_the_shipped_configuration_states_every_key_with_its_default() -> None:
    shipped = tables.read(ROOT / "config" / "briefing.toml")
    for name, kind in sections.SECTIONS.items():
        assert set(shipped.tables[name]) == set(tables.keys(kind)), name
        assert shipped.section(name, kind) == kind(), name


def test_the_shipped_story_is_complete() -> None:
    story = config.load(ROOT / "config" / "briefing.toml", {}).story()
    assert story.slug == "ukraine-missile-policy"
    assert {"weapons", "permission", "places", "actors", "response"} <= set(story.terms)
    for word in ("ATACMS", "Storm Shadow", "Taurus"):
        assert word in story.terms["weapons"]
    every = [word.casefold() for words in story.terms.values() for word in words]
    assert len(every) == len(set(every)), "a term stands in one group"


# -- where the file is found -------------------------------------------------------------------


def test_the_option_beats_the_environment_and_the_environment_beats_the_default(
    project: Path,
) -> None:
    for name in ("option", "environment"):
        (project / name / "stories").mkdir(parents=True)
        (project / name / "c.toml").write_text(f'[run]\nsource = "{name}"\n', "utf-8")
        (project / name / "stories" / "one.toml").write_text(
            'name = "One"\ndescription = "One."\n[terms]\na = ["b"]\n', "utf-8"
        )
    environ = {"BRIEFING_CONFIG": "environment/c.toml"}
    assert config.load(Path("option/c.toml"), environ).run.source.endswith("/option")
    assert config.load(None, environ).run.source.endswith("/environment")
    assert config.load(None, {}).run.source == "seeds"
    assert config.load(None, {"BRIEFING_CONFIG": ""}).run.source == "seeds"


def test_a_missing_file_is_named_in_full_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        config.load(None, {})
    assert str(tmp_path / "config" / "briefing.toml") in str(caught.value)
    assert "--config" in caught.value.remedy
    assert "BRIEFING_CONFIG" in caught.value.remedy


def test_a_folder_in_place_of_the_file_is_refused(project: Path) -> None:
    with pytest.raises(ConfigError, match="no configuration file"):
        config.load(project, {})


# -- paths -------------------------------------------------------------------------------------


def test_relative_paths_start_at_the_folder_that_holds_config(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "model").mkdir()
    file = write(
        project,
        '[run]\nsource = "mine"\n[output]\nfolder = "out"\n'
        '[models]\nadapter = "a"\nwriter = "model"\ncache = "c"\n',
    )
    (project / "elsewhere").mkdir()
    monkeypatch.chdir(project / "elsewhere")
    read = config.load(file, {})
    assert read.root == project
    assert read.run.source == str(project / "mine")
    assert read.output.folder == project / "out"
    assert read.feeds.file == project / "config" / "feeds.opml"
    assert read.models.adapter == str(project / "a")
    assert read.models.writer == str(project / "model")
    assert read.models.cache == str(project / "c")
    assert read.store.url == f"sqlite:///{project}/state/briefing.db"


def test_a_file_outside_a_config_folder_is_its_own_root(tmp_path: Path) -> None:
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories" / "s.toml").write_text(
        'name = "S"\ndescription = "S."\n[terms]\na = ["b"]\n', "utf-8"
    )
    file = tmp_path / "my.toml"
    file.write_text("", "utf-8")
    assert config.load(file, {}).output.folder == tmp_path / "digests"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:////var/lib/b.db",
        "postgresql://reader:word@db/briefing",
        "postgresql+psycopg:///briefing?host=/run",
    ],
)
def test_addresses_that_are_not_relative_files_stay_as_they_are(project: Path, url: str) -> None:
    write(project, f'[store]\nurl = "{url}"\n')
    assert config.load(None, {}).store.url == url


def test_a_relative_sqlite_file_keeps_its_options(project: Path) -> None:
    write(project, '[store]\nurl = "sqlite+pysqlite:///a/b.db?timeout=3"\n')
    expected = f"sqlite+pysqlite:///{project}/a/b.db?timeout=3"
    assert config.load(None, {}).store.url == expected


def test_a_hub_name_stays_and_nothing_is_the_embedded_writer(project: Path) -> None:
    write(project, '[models]\nwriter = "some/model"\n')
    assert config.load(None, {}).models.writer == "some/model"
    for said in ("", '[models]\nwriter = ""\n', '[models]\nwriter = "embedded"\n'):
        write(project, said)
        assert config.load(None, {}).models.writer == "embedded"


def test_the_environment_overrides_and_starts_at_the_working_folder(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = project / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    read = config.load(
        project / "config" / "briefing.toml",
        {
            "BRIEFING_CACHE": "weights",
            "BRIEFING_STORE": "sqlite:///s.db",
            "BRIEFING_OUT": "~/digests",
            "BRIEFING_MINUTES": "9",
        },
    )
    assert read.models.cache == str(here / "weights")
    assert read.store.url == f"sqlite:///{here}/s.db"
    assert read.output.folder == Path.home() / "digests"
    assert read.run.minutes == sections.RunSection().minutes, "only the documented names count"


def test_every_documented_variable_is_read(project: Path) -> None:
    secrets = {"BRIEFING_PASSWORD", "BRIEFING_SECRET"}  # never part of a configuration
    for name in config.ENVIRONMENT.keys() - secrets:
        if name == "BRIEFING_CONFIG":
            with pytest.raises(ConfigError):
                config.load(None, {name: "nowhere.toml"})
        elif name == "BRIEFING_OFFLINE":
            asking = "[models]\noffline = false\n"
            write(project, asking)
            assert config.load(None, {name: "1"}).models.offline
            assert not config.load(None, {name: "0"}).models.offline
            write(project, "")
        else:
            assert config.load(None, {name: "sqlite:///x"}) != config.load(None, {}), name


# -- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "says", "remedy"),
    [
        ("[run]\n\nminuts = 2\n", 3, "unknown key 'minuts' in [run]", "minutes"),
        ("\n[webb]\ndeadline = 1\n", 2, "unknown section 'webb'", "web"),
        ('source = "feeds"\n', 1, "unknown key 'source'", "known names"),
        ("run = 3\n", 1, "'run' is a section", "[run]"),
        ('[run]\nminutes = "2"\n', 2, "minutes must be a number", "2.5"),
        ("[run]\nwindow_days = 2.0\n", 2, "window_days must be a whole number", "3"),
        ("[run]\nwindow_days = true\n", 2, "window_days must be a whole number", "3"),
        ("[run]\nminutes = true\n", 2, "minutes must be a number", "2.5"),
        ("[run]\nminutes = nan\n", 2, "minutes must be from 0.5 to 30", "reading time"),
        ("[run]\nminutes = inf\n", 2, "minutes must be from 0.5 to 30", "reading time"),
        ("[run]\nwindow_days = 0\n", 2, "window_days must be from 1 to 365", "left out"),
        ("[models]\noffline = 1\n", 2, "offline must be true or false", "true"),
        ('[models]\ndevice = "cuda:0"\n', 2, "device must be one of", "cuda"),
        ('[web]\nallow_private = "10.0.0.0/8"\n', 2, "allow_private must be a list", '["one"'),
        ("[web]\nallow_private = [1]\n", 2, "allow_private must be a list of texts", '["one"'),
        ('[web]\nallow_ports = ["80"]\n', 2, "allow_ports must be a list of whole", "[8080"),
        ("[web]\nallow_ports = [true]\n", 2, "allow_ports must be a list of whole", "[8080"),
        ("[output]\nfolder = []\n", 2, "folder must be a path", "folder/file"),
        ('[run]\nstory = "a\n', 2, "not valid TOML", "quotes"),
        ("[run]\nminutes = 2\nminutes = 3\n", 3, "not valid TOML", "quotes"),
    ],
)
def test_a_refusal_names_line_and_remedy(
    project: Path, text: str, line: int, says: str, remedy: str
) -> None:
    error = refusal(project, text)
    assert error.where == f"{project / 'config' / 'briefing.toml'}:{line}"
    assert says in error.message
    assert remedy in error.remedy


def test_the_line_is_that_of_the_right_section(project: Path) -> None:
    text = '[web]\n# threads = "x"\ncontact = "threads = 1"\n\n[models] # threads\nthreads = -1\n'
    assert refusal(project, text).where.endswith(":6")


def test_a_file_that_is_not_text_is_refused(project: Path) -> None:
    file = project / "config" / "briefing.toml"
    file.write_bytes('[web]\ncontact = "é"\n'.encode("latin-1"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        config.load(None, {})


def test_a_byte_order_mark_is_no_fault(project: Path) -> None:
    file = project / "config" / "briefing.toml"
    file.write_bytes(b"\xef\xbb\xbf[run]\nwindow_days = 9\n")
    assert config.load(None, {}).run.window_days == 9


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read every file")
def test_an_unreadable_file_is_refused(project: Path) -> None:
    (project / "config" / "briefing.toml").chmod(0)
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(None, {})


# -- stories -----------------------------------------------------------------------------------


def test_what_a_story_does_not_say_is_the_default(project: Path) -> None:
    write(project, "[run]\nminutes = 4\n")
    story = config.load(None, {}).stories["harbour-strike"]
    assert story.minutes == 4.0
    assert story.timezone == "UTC"
    assert story.relevance == Story("a", "b", "c", {}).relevance


def test_a_story_is_read_whole(project: Path) -> None:
    write_story(
        project,
        'name = " Harbour "\ndescription = """\nTwo\nlines.\n"""\nminutes = 1\n'
        'timezone = "Australia/Lord_Howe"\nrelevance = 0.5\n'
        '[terms]\nplaces = ["Lunden", "the  old dock", "Lunden"]\n',
    )
    assert config.load(None, {}).story("harbour-strike") == Story(
        slug="harbour-strike",
        name="Harbour",
        description="Two lines.",
        terms={"places": ("Lunden", "the old dock")},
        minutes=1.0,
        timezone="Australia/Lord_Howe",
        relevance=0.5,
    )


GOOD = 'name = "A"\ndescription = "B."\n'


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('description = "B."\n[terms]\na = ["b"]\n', 0, "'name' is missing"),
        ('name = ""\n' + 'description = "B."\n[terms]\na = ["b"]\n', 1, "name is empty"),
        (GOOD, 0, "[terms] is missing or empty"),
        (GOOD + "[terms]\n", 3, "[terms] is missing or empty"),
        (GOOD + '[terms]\na = "b"\n', 4, "list of words"),
        (GOOD + "[terms]\na = []\n", 4, "list of words"),
        (GOOD + '[terms]\na = ["b", " "]\n', 4, "list of words"),
        (GOOD + 'timezone = "Mars/Olympus"\n[terms]\na = ["b"]\n', 3, "no time zone"),
        (GOOD + 'timezone = "../etc/passwd"\n[terms]\na = ["b"]\n', 3, "no time zone"),
        (GOOD + 'timezone = ""\n[terms]\na = ["b"]\n', 3, "no time zone"),
        (GOOD + 'zone = "UTC"\n[terms]\na = ["b"]\n', 3, "unknown key 'zone'"),
        (GOOD + 'relevance = 1.5\n[terms]\na = ["b"]\n', 3, "from 0 to 1"),
    ],
)
def test_a_story_is_refused_by_line(project: Path, text: str, line: int, says: str) -> None:
    file = write_story(project, text)
    with pytest.raises(ConfigError) as caught:
        config.load(None, {})
    assert caught.value.where == (f"{file}:{line}" if line else str(file))
    assert says in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize("name", ["Harbour", "a b", "a--b", "-a", "a_b", "é"])
def test_a_story_that_could_not_name_a_folder_is_refused(project: Path, name: str) -> None:
    write_story(project, GOOD + '[terms]\na = ["b"]\n', name=name)
    with pytest.raises(ConfigError, match="cannot name a story"):
        config.load(None, {})


def test_no_story_at_all_is_refused(project: Path) -> None:
    (project / "config" / "stories" / "harbour-strike.toml").unlink()
    with pytest.raises(ConfigError, match="no story in"):
        config.load(None, {})


def test_an_unknown_story_is_answered_with_the_nearest(project: Path) -> None:
    read = config.load(None, {})
    with pytest.raises(ConfigError) as caught:
        read.story("harbor-strike")
    assert caught.value.remedy == "did you mean 'harbour-strike'?"


def test_an_unknown_story_in_the_file_is_named_by_line(project: Path) -> None:
    write(project, '[run]\nstory = "lighthouse"\n')
    with pytest.raises(ConfigError) as caught:
        config.load(None, {}).story()
    assert caught.value.where.endswith("briefing.toml:2")


def test_the_settings_of_a_story_are_those_of_the_noun() -> None:
    nouns = set(Story.__dataclass_fields__) - {"slug", "terms", "schedule"}
    assert set(tables.keys(stories.StorySettings)) == nouns
