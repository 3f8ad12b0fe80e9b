"""Settings: file, then environment, each with its origin; every mistake is one clear error; secrets stay hidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.config import SHIPPED, Configuration, Secret, described, load
from firstwire.core.text.durations import seconds
from firstwire.errors import EXIT_CONFIG, ConfigError

HOOK = "https://hooks.example/services/T000/B000/s3cr3t"


def loaded(folder: Path, content: str, environment: dict[str, str] | None = None) -> Configuration:
    file = folder / "firstwire.toml"
    file.write_text(content, encoding="utf-8")
    return load(file, environment or {})


def refused(folder: Path, content: str, environment: dict[str, str] | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        loaded(folder, content, environment)
    assert caught.value.exit_code == EXIT_CONFIG
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_without_a_file_the_defaults_hold() -> None:
    settings = load(None, {}).settings
    assert settings.kafka.bootstrap_servers == "embedded"
    assert settings.stories.window == "72h"


def test_the_environment_stands_over_the_file_and_each_value_knows_its_origin(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        '[kafka]\ntopic_prefix = "filed"\npartitions = 2\n[poller]\ninterval = "10m"\n',
        {"FIRSTWIRE_KAFKA_PARTITIONS": "8", "FIRSTWIRE_POLLER_SUBSCRIPTIONS": "a.opml, b.opml,"},
    )
    told = {key: (value, origin) for key, value, origin in described(found)}
    assert told["kafka.topic_prefix"] == ("filed", str(tmp_path / "firstwire.toml"))
    assert told["kafka.partitions"] == ("8", "FIRSTWIRE_KAFKA_PARTITIONS")
    assert told["kafka.data_dir"] == ("var", "default")
    assert found.settings.poller.subscriptions == ("a.opml", "b.opml")


ROUTED = '[[receivers]]\nname = "a"\ntype = "slack"\nurl = "x"\n[[routes]]\nreceivers = ["a"]\n'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[kafka", "not TOML"),
        ("[kafka]\npartitions = 1\n[kafka]\n", "not TOML"),
        ("[kafak]\n", "unknown section 'kafak'; did you mean 'kafka'?"),
        ('[kafka]\nbootstrap_server = "x"\n', "unknown key kafka.bootstrap_server; did you mean 'bootstrap_servers'?"),
        ("kafka = 1\n", "'kafka' must be a table, [kafka]"),
        ("interval = '1m'\n", "unknown section 'interval'"),
        ('[kafka]\npartitions = "four"\n', "kafka.partitions: Expected `int`, got `str`"),
        ("[kafka]\npartitions = 0\n", "kafka.partitions: Expected `int` >= 1"),
        ('[kafka]\ntopic_prefix = "with space"\n', "kafka.topic_prefix"),
        ('[poller]\ninterval = "often"\n', "poller.interval: 'often' is not a duration; write for example 90s"),
        ('[poller]\nfirst_poll = "some"\n', "poller.first_poll: 'some' is not a duration; write for example 90s"),
        ('[poller]\nhost_gap = "x"\n', "poller.host_gap: 'x' is not a duration"),
        ('[poller]\nlongest_interval = ""\n', "poller.longest_interval: '' is not a duration"),
        ('[[feeds]]\nurl = "https://a.example/"\ninterval = "x"\n', "feeds[0].interval: 'x' is not a duration"),
        ('[[feeds]]\nurl = "https://a.example/"\nlongest_interval = "x"\n', "feeds[0].longest_interval: 'x'"),
        ('[[feeds]]\ninterval = "5m"\n', "Object missing required field `url`"),
        ('[[feeds]]\nurl = "https://a.example/"\nintervall = "5m"\n', "unknown key feeds.intervall; did you mean"),
        ('[poller]\ninterval = "15"\n', "poller.interval: '15' is not a duration"),
        ('[poller]\ninterval = ""\n', "poller.interval: '' is not a duration"),
        ('[worker]\nstall_after = "0s"\n', "worker.stall_after: '0s' is out of range"),
        ('[stories]\nwindow = "99999999999d"\n', "stories.window: '99999999999d' is out of range"),
        ('[poller]\nallow_private_addresses = ["127.0.0.0/99"]\n', "poller.allow_private_addresses"),
        ('[notifier]\nallow_private_addresses = ["localhost"]\n', "notifier.allow_private_addresses"),
        (
            '[log]\nlevel = "loud"\n',
            "log.level: Invalid enum value 'loud'; allowed are debug, info, warning, error",
        ),
        (
            '[[web.tokens]]\nname = "a"\nrole = "admin"\ntoken = { env = "X" }\n',
            "web.tokens[0].role: Invalid enum value 'admin'; allowed are read, write",
        ),
        ('[rules]\npaths = "seeds/rules"\n', "rules.paths: Expected `array`, got `str`"),
        ('[[receivers]]\nname = "a"\ntipe = "slack"\n', "unknown key receivers.tipe; did you mean 'type'?"),
        (
            '[[receivers]]\nname = "a"\ntype = "slack"\nurl = { evn = "X" }\n',
            "unknown field `evn`; did you mean 'env'?",
        ),
        (
            2 * '[[receivers]]\nname = "a"\ntype = "slack"\nurl = "x"\n',
            "two receivers are named 'a'",
        ),
        ('[[routes]]\nreceivers = ["nobody"]\n', "route 1: no receiver 'nobody'"),
        ("[[routes]]\nreceivers = []\n", "route 1: receivers is empty, so that it notifies nobody"),
        (ROUTED + 'match = { kind = "firsts" }\n', "route 1: no kind 'firsts'; did you mean 'first'?"),
        (ROUTED + 'match = { severity = "criticle" }\n', "route 1: no severity 'criticle'; did you mean 'critical'?"),
        (ROUTED + 'match = { severity = "9" }\n', "no severity '9'; known are critical, info, warning"),
        (
            "[[inhibitions]]\nsource = ['severity=loud']\ntarget = ['tag=a']\n",
            "inhibition 1: no severity 'loud'; known are critical, info, warning",
        ),
        (
            ROUTED.replace('"x"', '"x"\ntimezone = "Europe/Berln"'),
            "no time zone 'Europe/Berln'; did you mean 'Europe/Berlin'?",
        ),
        (ROUTED.replace('"x"', '"x"\ntimezone = "../zoneinfo"'), "receiver 'a': no time zone '../zoneinfo'"),
        ('[verify]\nat = "3:30"\n', "verify.at: '3:30' must be a time of day like 03:30"),
        ('[web]\npublic_url = "desk.example"\n', "web.public_url: 'desk.example' must be of the form https://host"),
        (
            '[web]\npublic_url = "https://a.example/<b>"\n',
            "web.public_url: 'https://a.example/<b>' must be of the form",
        ),
        ('[notifier]\ntrouble_receivers = ["ops"]\n', "notifier.trouble_receivers: no receiver 'ops'"),
        ('[notifier]\nexpire_after = "soon"\n', "notifier.expire_after: 'soon' is not a duration"),
        ('[[routes]]\nreceivers = []\nmatch = { kid = "first" }\n', "unknown field `kid`; did you mean 'kind'?"),
    ],
)
def test_a_mistake_names_file_key_and_what_to_write(tmp_path: Path, content: str, message: str) -> None:
    error = refused(tmp_path, content)
    assert error.startswith(str(tmp_path / "firstwire.toml"))
    assert message in error


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("FIRSTWIRE_KAFKA_BOOTSTRAP_SERVER", "x", "did you mean 'FIRSTWIRE_KAFKA_BOOTSTRAP_SERVERS'?"),
        ("FIRSTWIRE_KAFKA", "x", "unknown setting"),
        ("FIRSTWIRE_LOG_LEVLE", "info", "did you mean 'FIRSTWIRE_LOG_LEVEL'?"),
        ("FIRSTWIRE_KAFKA_PARTITIONS", "many", "'many' is not a whole number"),
        ("FIRSTWIRE_KAFKA_PARTITIONS", "0", "kafka.partitions: Expected `int` >= 1"),
        ("FIRSTWIRE_STORIES_WINDOW", "", "stories.window: '' is not a duration"),
        ("FIRSTWIRE_POLLER_ALLOW_PRIVATE_ADDRESSES", "localhost", "poller.allow_private_addresses: "),
        ("FIRSTWIRE_LOG_LEVEL", "loud", "log.level: Invalid enum value 'loud'"),
    ],
)
def test_a_wrong_variable_is_an_error_that_names_it(tmp_path: Path, name: str, value: str, message: str) -> None:
    error = refused(tmp_path, "", {name: value})
    assert name in error
    assert message in error


def test_variables_of_the_user_s_own_are_left_alone(tmp_path: Path) -> None:
    loaded(tmp_path, "", {"FIRSTWIRE_SLACK_URL": HOOK, "PATH": "/bin", "FIRSTWIRED": "1"})


SECRETIVE = f"""
[poller]
subscriptions = ["https://reader:pa55word@feeds.example/rss", "plain.opml"]
[[receivers]]
name = "newsroom"
type = "slack"
url = "{HOOK}"
[[receivers]]
name = "desk"
type = "webhook"
url = {{ env = "DESK_URL" }}
secret = {{ file = "/run/secrets/desk" }}
"""


def test_secrets_are_never_shown(tmp_path: Path) -> None:
    found = loaded(tmp_path, SECRETIVE, {"DESK_URL": "https://desk.example/t0ken"})
    told = "\n".join(f"{key} = {value} ({origin})" for key, value, origin in described(found))
    for secret in ("s3cr3t", "pa55word", "t0ken", "hooks.example"):
        assert secret not in told
    for shown in ("(hidden)", "DESK_URL", "/run/secrets/desk", "feeds.example/rss", "plain.opml"):
        assert shown in told


def test_a_secret_written_in_the_wrong_place_is_refused_without_being_shown(tmp_path: Path) -> None:
    content = '[[receivers]]\nname = "d"\ntype = "webhook"\nurl = "https://d.example"\nsecret = "whsec_abc"\n'
    error = refused(tmp_path, content)
    assert "receivers[0].secret" in error
    assert '{ env = "NAME" } or { file = "/path" }' in error
    assert "whsec" not in error


def test_a_secret_is_read_when_needed_and_names_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_SECRET", " value\n")
    monkeypatch.delenv("NO_SECRET", raising=False)
    (tmp_path / "file").write_text("from the file\n", encoding="utf-8")
    assert Secret(env="A_SECRET").read("here") == "value"
    assert Secret(file=str(tmp_path / "file")).read("here") == "from the file"
    for secret, message in [
        (Secret(env="NO_SECRET"), "here: environment variable NO_SECRET is not set"),
        (Secret(file=str(tmp_path / "none")), "No such file"),
        (Secret(), "give { env"),
    ]:
        with pytest.raises(ConfigError, match=message.replace("{", r"\{")):
            secret.read("here")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", 90.0),
        ("15m", 900.0),
        ("1h30m", 5400.0),
        ("2d", 172_800.0),
        ("250ms", 0.25),
        ("1.5h", 5400.0),
        (" 1M ", 60),
    ],
)
def test_durations_are_read(text: str, expected: float) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "15", "m", "1x", "-5m", "1h 30", "1e3s", "s1", "0s", "0.0h", "9" * 400 + "d"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a duration|is out of range"):
        seconds(text)


def test_paths_stand_beside_the_file_and_seeds_fall_back_to_what_is_shipped(tmp_path: Path) -> None:
    found = loaded(tmp_path, "")
    assert found.path("seeds/rules") == SHIPPED / "seeds/rules"
    assert found.path("mine.yaml") == tmp_path / "mine.yaml"
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "rules").mkdir()
    assert found.path("seeds/rules") == tmp_path / "seeds" / "rules"
    assert found.data_dir == tmp_path / "var"


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read the configuration: No such file"):
        load(tmp_path / "absent.toml", {})
    with pytest.raises(ConfigError, match="Is a directory"):
        load(tmp_path, {})
    (tmp_path / "latin.toml").write_bytes('[log]\nlevel = "é"\n'.encode("latin-1"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        load(tmp_path / "latin.toml", {})
