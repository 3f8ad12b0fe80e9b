"""Settings: one TOML file, then the environment; each value keeps its origin.

Never reads a secret before it is needed, and never prints one.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from firstwire.core.firsts.vouching import VOUCHED_DAYS
from firstwire.core.routes.inhibition import InhibitionRule, inhibition_rules
from firstwire.core.routes.matchers import LabelMatcher, refuse_unknown_values
from firstwire.core.routes.settings import Inhibition, Route
from firstwire.core.routes.tree import RouteTree, compiled
from firstwire.core.text.durations import seconds
from firstwire.core.text.known_words import type_at, with_known_words
from firstwire.core.text.nearest import nearest
from firstwire.errors import ConfigError

SHIPPED = Path(__file__).resolve().parent.parent
"""The folder of the shipped `seeds/`: the checkout, or site-packages."""

ENVIRONMENT_PREFIX = "FIRSTWIRE_"
EMBEDDED = "embedded"

_LOGIN = re.compile(r"//[^/@\s'\"]+@")
"""The login of an address: `https://name:password@host/`."""

RENAMED = {"poller.metrics_listen": "metrics.listen"}
"""Keys of earlier versions, and what they are called now."""

Network = IPv4Network | IPv6Network
Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=100)]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file. Field names are its keys, field defaults the default values."""


SECRET_KEYS = frozenset({"login", "secret", "old_secret", "token", "password"})
"""Keys whose value is a `Secret`."""


class Secret(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value kept out of the file: `{ env = "NAME" }` or `{ file = "/path" }`."""

    env: str | None = None
    file: str | None = None

    def read(self, place: str) -> str:
        """The secret itself. Raises ConfigError, which names a missing variable or file but never a value."""
        if self.env is not None:
            value = os.environ.get(self.env)
            if not value:
                raise ConfigError(f"environment variable {self.env} is not set", place=place)
            return value.strip()
        if self.file is not None:
            try:
                return Path(self.file).read_text(encoding="utf-8").strip()
            except OSError as err:
                raise ConfigError(f"cannot read {self.file}: {err.strerror}", place=place) from err
        raise ConfigError('give { env = "NAME" } or { file = "/path" }', place=place)


class KafkaSection(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    bootstrap_servers: str = EMBEDDED
    topic_prefix: Name = "firstwire"
    data_dir: str = "var"
    partitions: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 4
    replication_factor: Annotated[int, msgspec.Meta(ge=1, le=9)] = 1


class PollerSection(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    subscriptions: tuple[str, ...] = ("seeds/feeds.opml",)
    interval: str = "15m"
    first_poll: str = "24h"
    """The age up to which entries of a new feed are published; `all` for all."""
    longest_interval: str = "24h"
    """The longest that a publisher may ask for by ttl, max-age, Expires or update period."""
    host_gap: str = "5s"
    """Between the starts of two visits to one public host."""
    full_text_wait: str = "30s"
    """How long the articles of a feed with `full_text` wait for their pages at most."""
    allow_private_addresses: tuple[str, ...] = ()
    user_agent: str = "firstwire/0.1 (+https://github.com/firstwire/firstwire)"
    timeout: str = "30s"
    body_limit_bytes: Annotated[int, msgspec.Meta(ge=1024)] = 15 * 1024 * 1024
    entry_limit: Annotated[int, msgspec.Meta(ge=1)] = 2000
    parse_workers: Annotated[int, msgspec.Meta(ge=1, le=64)] = 2
    concurrency: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 50


class WebSubSection(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    callback_url: str = ""
    """Where hubs reach this poller from outside; empty: they are not asked to push."""
    listen: str = "127.0.0.1:8471"
    """`host:port` to which a proxy passes what hubs send to `callback_url`."""
    lease: str = "10d"
    """For how long hubs are asked to push; they may shorten it."""
    interval: str = "1h"
    """Between two visits to a feed whose news are pushed."""


class FeedSettings(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A feed with settings of its own. It is subscribed by that."""

    url: str
    name: str | None = None
    """The outlet's name; else the feed's title."""
    tags: tuple[str, ...] = ()
    """Publisher's tags of all its articles."""
    language: str | None = None
    interval: str | None = None
    longest_interval: str | None = None
    ignore_http_cache: bool = False
    full_text: bool = False
    """Read the whole text of its articles from their pages."""
    headers: dict[str, str | Secret] = {}
    login: Secret | None = None
    """Where `name:password` is."""


class WorkerSection(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: Name = "worker-0"
    """Static member id, its own for each of several workers: a restart then causes no rebalance."""
    stall_after: str = "60s"
    """How long input may wait without a commit before the watchdog ends the process."""


class StoriesSection(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    window: str = "72h"
    """How long, in event time, an article is remembered."""


class NotifierSection(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: Name = "notifier-0"
    allow_private_addresses: tuple[str, ...] = ()
    timeout: str = "15s"
    give_up_after: str = "84h"
    """An alert still undelivered this long after its first attempt is marked failed."""
    expire_after: str = "84h"
    """A delivery that waited so long, for a receiver to be mended or otherwise, is too old and marked failed."""
    trouble_receivers: tuple[str, ...] = ()
    """Who is told that another receiver accepts nothing; empty: all others."""


class PathsSection(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    paths: tuple[str, ...]


class LedgerSection(PathsSection, frozen=True, kw_only=True, forbid_unknown_fields=True):
    vouched_days: Annotated[int, msgspec.Meta(ge=0, le=36_500)] = VOUCHED_DAYS
    """How long after the day up to which a page is vouched for the absence of an earlier act says something."""


class WebToken(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may use the console from elsewhere: a name, what it may do, and where the token is."""

    name: Name
    role: Literal["read", "write"]
    token: Secret


class WebSection(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    listen: str = "127.0.0.1:8470"
    """`host:port` of the console; empty: none."""
    tokens: tuple[WebToken, ...] = ()
    """Without any the console needs no login, and may be reached from this host only."""
    public_url: str = ""
    """Where readers of messages reach the console; empty: nowhere, and messages do not link to it."""
    trusted_proxies: tuple[str, ...] = ()
    """Networks of reverse proxies whose `X-Forwarded-…` headers are believed."""

    @property
    def console(self) -> str:
        return self.public_url.rstrip("/")


class IndexSection(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    days: Annotated[int, msgspec.Meta(ge=1, le=36_500)] = 30
    """How long articles can be searched; the topic `stories` keeps them as long."""
    size_limit_mb: Annotated[int, msgspec.Meta(ge=1)] = 4_000
    """What the index may hold, in millions of bytes; beyond it the oldest day goes."""


class MetricsSection(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    listen: str = ""
    """`host:port` at which a process serves `/metrics`, `/healthz` and `/readyz`; empty: nowhere."""


class VerifySection(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    at: str = "03:30"
    """`HH:MM`, UTC, at which `firstwire run` verifies every day; empty: never."""


class LogSection(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    level: Literal["debug", "info", "warning", "error"] = "info"


class ReceiverSettings(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Name
    type: Annotated[str, msgspec.Meta(min_length=1)]
    """`slack`, `webhook` and so on: the notifier knows which there are."""
    url: str | Secret | None = None
    secret: Secret | None = None
    old_secret: Secret | None = None
    """The secret before, while receivers change to the new one: either verifies a message."""
    token: Secret | None = None
    channel: str | None = None
    sender: str | None = msgspec.field(default=None, name="from")
    recipients: tuple[str, ...] = msgspec.field(default=(), name="to")
    username: str | None = None
    password: Secret | None = None
    timezone: str = "UTC"
    """IANA name of the zone in which its readers see times."""
    template: str | None = None
    """The name of the template of its messages about one alert, unless the route names one."""

    @property
    def place(self) -> str:
        """How errors name it."""
        return f"receiver {self.name!r}"

    def read_url(self) -> str | None:
        """The URL; None if it is not set."""
        return self.url.read(self.place) if isinstance(self.url, Secret) else self.url


class TemplateSettings(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How messages about one alert are written."""

    name: Name
    text: Annotated[str, msgspec.Meta(min_length=1)]

    @property
    def place(self) -> str:
        """How errors name it."""
        return f"template {self.name!r}"


class Settings(Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings, checked."""

    kafka: KafkaSection = KafkaSection()
    poller: PollerSection = PollerSection()
    websub: WebSubSection = WebSubSection()
    worker: WorkerSection = WorkerSection()
    stories: StoriesSection = StoriesSection()
    notifier: NotifierSection = NotifierSection()
    rules: PathsSection = PathsSection(paths=("seeds/rules",))
    entities: PathsSection = PathsSection(paths=("seeds/entities.yaml",))
    ledger: LedgerSection = LedgerSection(paths=("seeds/firsts.yaml",))
    groups: PathsSection = PathsSection(paths=("seeds/groups.yaml",))
    web: WebSection = WebSection()
    index: IndexSection = IndexSection()
    metrics: MetricsSection = MetricsSection()
    verify: VerifySection = VerifySection()
    log: LogSection = LogSection()
    feeds: tuple[FeedSettings, ...] = ()
    receivers: tuple[ReceiverSettings, ...] = ()
    templates: tuple[TemplateSettings, ...] = ()
    routes: tuple[Route, ...] = ()
    inhibitions: tuple[Inhibition, ...] = ()


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """Settings with the file they came from and the origin of every value."""

    settings: Settings
    file: Path | None
    origins: Mapping[str, str]

    @property
    def base(self) -> Path:
        return (self.file.parent if self.file is not None else Path.cwd()).resolve()

    def path(self, text: str) -> Path:
        """A path of the settings, resolved: beside the configuration file, else in the shipped `seeds/`."""
        here = (self.base / text).resolve()
        if not here.exists() and text.split("/")[0] == "seeds":
            return SHIPPED / text
        return here

    def knowledge_settings(self, *, rules: Path | None = None, ledger: Path | None = None) -> dict[str, Any]:
        """The arguments of `load_knowledge`; `rules` and `ledger` replace the configured files."""
        found: dict[str, Any] = {
            name: [self.path(path) for path in getattr(self.settings, name).paths]
            for name in ("entities", "ledger", "groups")
        }
        found["rules"] = self.rule_paths
        given = {"rules": rules, "ledger": ledger}
        found["vouched_days"] = self.settings.ledger.vouched_days
        return found | {name: [path] for name, path in given.items() if path is not None}

    @property
    def rule_paths(self) -> list[Path]:
        """The rule files and folders, also the file of the console once it has a rule."""
        paths = [self.path(path) for path in self.settings.rules.paths]
        return [*paths, self.console_rules] if self.console_rules.exists() else paths

    @property
    def console_rules(self) -> Path:
        """The file of the rules that were made on the console."""
        return self.data_dir / "console-rules.yaml"

    @property
    def data_dir(self) -> Path:
        return (self.base / self.settings.kafka.data_dir).resolve()

    def receiver(self, name: str) -> ReceiverSettings:
        """The receiver of that name. Raises ConfigError if there is none."""
        for receiver in self.settings.receivers:
            if receiver.name == name:
                return receiver
        names = [receiver.name for receiver in self.settings.receivers]
        raise ConfigError(f"no receiver {name!r}{nearest(name, names)}", place=str(self.file or "settings"))


def load(file: Path | None, environment: Mapping[str, str]) -> Configuration:
    """The configuration of a file (None: only defaults), overridden by the environment.

    Raises ConfigError with the file or variable, the key and what to write instead.
    """
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    if file is not None:
        values = _read_toml(file)
        _refuse_unknown(values, str(file))
        origins = dict.fromkeys(_leaves(values), str(file))
    for name, section, key in _environment_keys():
        if name in environment:
            values.setdefault(section, {})[key] = _from_environment(section, key, environment[name])
            origins[f"{section}.{key}"] = name
    for name in sorted(environment):
        _refuse_unknown_variable(name)
    try:
        settings = msgspec.convert(values, Settings)
    except msgspec.ValidationError as err:
        message, _, where = str(err).partition(" - at ")
        message = with_known_words(message, type_at(Settings, where))
        key = where.strip("`").removeprefix("$.") or "the file"
        place = origins.get(key) or (str(file) if file is not None else "environment")
        if key.rpartition(".")[2] in SECRET_KEYS and message.endswith("got `str`"):
            message = 'a secret is not written here but where it stands: { env = "NAME" } or { file = "/path" }'
        raise ConfigError(f"{key}: {message}", place=place) from err
    configuration = Configuration(settings=settings, file=file, origins=origins)
    _check(configuration)
    return configuration


def age_limit(text: str) -> float | None:
    """Seconds of a duration; None for `all`. Raises ValueError for anything else."""
    if text == "all":
        return None
    try:
        return seconds(text)
    except ValueError as err:
        raise ValueError(f"{err}, or all") from err


def route_tree(settings: Settings) -> RouteTree:
    """The routes as a tree. Raises ValueError, which begins with the number of the wrong route."""
    return compiled(settings.routes, ZoneInfo)


def inhibitions_of(settings: Settings) -> tuple[InhibitionRule, ...]:
    """Which alerts are not told beside which others. Raises ValueError, which names the wrong one by its number."""
    return inhibition_rules(settings.inhibitions)


def story_window(settings: Settings) -> timedelta:
    """How long, in event time, an article is remembered for near-duplicates."""
    return timedelta(seconds=seconds(settings.stories.window))


def networks(texts: tuple[str, ...]) -> tuple[Network, ...]:
    """The networks of a list of CIDRs. Raises ValueError, which names the invalid one."""
    return tuple(ip_network(text, strict=False) for text in texts)


def described(configuration: Configuration) -> Iterator[tuple[str, str, str]]:
    """Each setting as (key, value, origin), secrets hidden, for `firstwire config`."""
    for key, value in _flatten("", msgspec.to_builtins(configuration.settings)):
        shown = _hidden(key, value)
        origin = configuration.origins.get(key)
        if origin is None:
            origin = next(
                (where for parent, where in configuration.origins.items() if key.startswith(f"{parent}.")),
                "default",
            )
        yield key, shown, origin


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as err:
        raise ConfigError(f"cannot read the configuration: {err.strerror}", place=str(file)) from err
    except UnicodeDecodeError as err:
        raise ConfigError("the configuration is not UTF-8 text", place=str(file)) from err
    except tomllib.TOMLDecodeError as err:
        raise ConfigError(f"not TOML: {err}", place=str(file)) from err


def _sections() -> dict[str, Any]:
    return get_type_hints(Settings)


def _refuse_unknown(values: Mapping[str, Any], place: str) -> None:
    known = {name: _keys_of(kind) for name, kind in _sections().items()}
    for section, content in values.items():
        if section not in known:
            raise ConfigError(f"unknown section {section!r}{nearest(section, known)}", place=place)
        for table in content if isinstance(content, list) else [content]:
            if not isinstance(table, dict):
                raise ConfigError(f"{section!r} must be a table, [{section}]", place=place)
            for key in table:
                if (new_name := RENAMED.get(f"{section}.{key}")) is not None:
                    raise ConfigError(f"{section}.{key} is called {new_name} now", place=place)
                if key not in known[section]:
                    raise ConfigError(f"unknown key {section}.{key}{nearest(key, known[section])}", place=place)


def _keys_of(kind: Any) -> tuple[str, ...]:
    """The keys of a table, or of each table of a list, as they are written."""
    args = getattr(kind, "__args__", ())
    return tuple(field.encode_name for field in msgspec.structs.fields(args[0] if args else kind))


def _refuse_unknown_variable(name: str) -> None:
    """Raise ConfigError for a misspelled FIRSTWIRE_ variable of a section; others (a secret's) are the user's own."""
    rest = name.removeprefix(ENVIRONMENT_PREFIX)
    if rest == name:
        return
    section = rest.split("_")[0].lower()
    known = [variable for variable, of, _ in _environment_keys() if of == section]
    if known and name not in known:
        raise ConfigError(f"unknown setting{nearest(name, known)}", place=f"environment variable {name}")


def _environment_keys() -> Iterator[tuple[str, str, str]]:
    for section, kind in _sections().items():
        if isinstance(kind, type) and issubclass(kind, Section):
            for key in get_type_hints(kind):
                yield f"{ENVIRONMENT_PREFIX}{section}_{key}".upper(), section, key


def _from_environment(section: str, key: str, text: str) -> Any:
    kind = get_type_hints(_sections()[section])[key]
    if kind == tuple[str, ...]:
        return [part.strip() for part in text.split(",") if part.strip()]
    if kind is int:
        try:
            return int(text)
        except ValueError as err:
            raise ConfigError(
                f"{text!r} is not a whole number", place=f"{ENVIRONMENT_PREFIX}{section}_{key}".upper()
            ) from err
    return text


def _leaves(values: Mapping[str, Any]) -> Iterator[str]:
    for key, _ in _flatten("", values):
        yield key


def _flatten(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _flatten(f"{prefix}.{key}" if prefix else str(key), inner)
    elif isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
        for index, inner in enumerate(value):
            yield from _flatten(f"{prefix}[{index}]", inner)
    else:
        yield prefix, value


def _hidden(key: str, value: Any) -> str:
    if re.fullmatch(r"receivers\[\d+\]\.url|feeds\[\d+\]\.headers\.[^.]+", key) and isinstance(value, str):
        return "(hidden)"
    return "" if value is None else _LOGIN.sub("//(hidden)@", str(value))


def _check(configuration: Configuration) -> None:
    settings = configuration.settings
    place = str(configuration.file) if configuration.file is not None else "environment"
    checks: list[tuple[str, Any, Any]] = [
        ("poller.interval", seconds, settings.poller.interval),
        ("poller.first_poll", age_limit, settings.poller.first_poll),
        ("poller.longest_interval", seconds, settings.poller.longest_interval),
        ("poller.host_gap", seconds, settings.poller.host_gap),
        ("poller.full_text_wait", seconds, settings.poller.full_text_wait),
        ("poller.timeout", seconds, settings.poller.timeout),
        ("websub.callback_url", _web_address, settings.websub.callback_url),
        ("websub.listen", _listening_address, settings.websub.listen),
        ("websub.lease", seconds, settings.websub.lease),
        ("websub.interval", seconds, settings.websub.interval),
        ("worker.stall_after", seconds, settings.worker.stall_after),
        ("stories.window", seconds, settings.stories.window),
        ("notifier.timeout", seconds, settings.notifier.timeout),
        ("notifier.give_up_after", seconds, settings.notifier.give_up_after),
        ("notifier.expire_after", seconds, settings.notifier.expire_after),
        ("web.listen", _listening_address, settings.web.listen),
        ("web.public_url", _web_address, settings.web.public_url),
        ("web.trusted_proxies", networks, settings.web.trusted_proxies),
        ("verify.at", _time_of_day, settings.verify.at),
        ("metrics.listen", _listening_address, settings.metrics.listen),
        ("poller.allow_private_addresses", networks, settings.poller.allow_private_addresses),
        ("notifier.allow_private_addresses", networks, settings.notifier.allow_private_addresses),
    ]
    for number, feed in enumerate(settings.feeds):
        for name, text in (("interval", feed.interval), ("longest_interval", feed.longest_interval)):
            checks += [] if text is None else [(f"feeds[{number}].{name}", seconds, text)]
    for key, parse, value in checks:
        try:
            parse(value)
        except ValueError as err:
            raise ConfigError(f"{key}: {err}", place=configuration.origins.get(key, place)) from err
    if settings.websub.callback_url and not settings.websub.listen:
        raise ConfigError("websub.listen: hubs that are to push need an address, as 127.0.0.1:8471", place=place)
    _check_web(settings.web, configuration.origins.get("web.listen", place))
    names = [receiver.name for receiver in settings.receivers]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"two receivers are named {name!r}; each needs its own name", place=place)
    for receiver in settings.receivers:
        if not _is_zone(receiver.timezone):
            close = nearest(receiver.timezone, available_timezones(), at_most=0)
            raise ConfigError(f"{receiver.place}: no time zone {receiver.timezone!r}{close}", place=place)
    for name in settings.notifier.trouble_receivers:
        if name not in names:
            raise ConfigError(f"notifier.trouble_receivers: no receiver {name!r}{nearest(name, names)}", place=place)
    try:
        tree = route_tree(settings)
        inhibitions = inhibitions_of(settings)
    except ValueError as err:
        raise ConfigError(str(err), place=place) from err
    for node in tree.all_nodes():
        for name in node.receivers:
            if name not in names:
                raise ConfigError(f"route {node.number}: no receiver {name!r}{nearest(name, names)}", place=place)
        _check_values(f"route {node.number}", node.matchers, place)
    for number, each in enumerate(inhibitions, start=1):
        _check_values(f"inhibition {number}", (*each.source, *each.target), place)


def is_loopback(listen: str) -> bool:
    """Whether an address `host:port` can be reached from this host only."""
    host = listen.rpartition(":")[0].strip("[]")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_web(web: WebSection, place: str) -> None:
    """Raise ConfigError for a console that anybody could use, and for tokens of one name."""
    if web.listen and not web.tokens and not is_loopback(web.listen):
        message = f"web.listen: {web.listen!r} can be reached from elsewhere: list who may use it in web.tokens"
        raise ConfigError(message, place=place)
    names = [token.name for token in web.tokens]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"two of web.tokens are named {name!r}; each needs its own name", place=place)


def _web_address(text: str) -> None:
    """Raise ValueError unless it is empty or an address that may be shown in messages."""
    split = urlsplit(text)
    sound = split.scheme in ("http", "https") and split.hostname and "@" not in split.netloc and not split.query
    if text and not (sound and text.isprintable() and not set(text) & set(' <>|"')):
        raise ValueError(f"{text!r} must be of the form https://host or https://host/path")


def _listening_address(text: str) -> None:
    """Raise ValueError unless it is empty or `host:port`."""
    host, _, port = text.rpartition(":")
    if text and not (host and port.isdecimal() and int(port) < 65_536):
        raise ValueError(f"{text!r} must be of the form host:port, as 127.0.0.1:9471")


def _time_of_day(text: str) -> None:
    """Raise ValueError unless it is empty or `HH:MM`."""
    if text and not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise ValueError(f"{text!r} must be a time of day like 03:30")


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (KeyError, OSError, ValueError):  # not on the list, a folder of it, or a name that leads out of it
        return False


def _check_values(what: str, matchers: Iterable[LabelMatcher], place: str) -> None:
    """Raise ConfigError for a matcher with a value that no alert can have."""
    try:
        refuse_unknown_values(matchers)
    except ValueError as err:
        raise ConfigError(f"{what}: {err}", place=place) from err
