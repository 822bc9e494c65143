"""The site's settings: one frozen value, made once and handed on.

They come from a command's options, else from ``BOARDCAST_*`` variables of the
environment, else from the defaults here. A child process gets them through
the environment: `Settings.to_environ` and `settings_from` are inverse.
"""

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import quote, urlsplit

from server.chat import chat_environ, chat_server_from
from server.chat.server import ChatServer
from server.errors import SettingsError
from server.hosts import listening_host, own_address, public_address

PREFIX = "BOARDCAST_"
"""Of every environment variable that is read."""

MAX_UPLOAD_BYTES = 64 * 2**20
"""Of one request: several phone photos of 5 to 15 MB, and no film."""

DEFAULT_DATA_DIR = "boardcast-data"
DEFAULT_PORT = 8000
MAX_PORT = 65535
SECRET_FILE = "secret-key"  # noqa: S105  (a file's name)
SECRET_BYTES = 32
"""Of the signing key: as long as the hash that itsdangerous signs with."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where everything is, and what the site may do.

    Parameters
    ----------
    profile_path : Path
        The event.toml.
    data_dir : Path
        Folder for the database, the blobs and the secret key.
    engine : str
        Name of the OCR engine.
    database_url : str
        An SQLAlchemy address; SQLite in `data_dir` if left out.
    blob_url : str
        An obstore address such as ``s3://bucket/folder``; a folder in
        `data_dir` if left out.
    secret_key : str
        What tokens and cookies are signed with; never printed.
    max_upload_bytes : int
        Taken in one request.
    host : str
        Address to listen on.
        An IP address, or ``localhost``.
    port : int
        Port to listen on.
    public_url : str
        What people type, without a trailing slash; made of host and port if
        left out.
    secure_cookies : bool
        Whether cookies go over HTTPS only; on by itself for an https address.
    trusted_hosts : tuple of str
        Host names that requests may ask for; empty for any.
    trusted_proxies : tuple of str
        Addresses and networks of proxies in front that are believed whom they
        forward for.
    access_log : bool
        Whether each request is logged, with the address that it came from.
    site_id : str
        Which site the data folder must hold: the supervisor tells its children, so
        that none of them begins anew where the folder is gone. Any if left out.
    chat : ChatServer or None
        Asked by the engine ``chat``; see `server.chat`.

    Raises
    ------
    SettingsError
        If a port or a size is out of range, or an address or a path cannot be
        used.
    """

    profile_path: Path
    data_dir: Path
    engine: str = "rapidocr"
    database_url: str = ""
    blob_url: str = ""
    secret_key: str = field(default="", repr=False)
    max_upload_bytes: int = MAX_UPLOAD_BYTES
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    public_url: str = ""
    secure_cookies: bool = False
    trusted_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    access_log: bool = False
    site_id: str = ""
    chat: ChatServer | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.port <= MAX_PORT:
            raise SettingsError(
                f"Expected a port from 1 to {MAX_PORT}, got {self.port}.",
                hint="Choose one above 1023, for example 8000.",
            )
        if self.max_upload_bytes < 1:
            raise SettingsError(
                f"Expected max_upload_bytes above 0, got {self.max_upload_bytes}.",
                hint=f"Leave {PREFIX}MAX_UPLOAD_BYTES out for the default.",
            )
        data_dir = _resolved(self.data_dir)
        host = listening_host(self.host)
        defaults = {
            "data_dir": data_dir,
            "profile_path": _resolved(self.profile_path),
            "database_url": self.database_url or database_in(data_dir),
            "blob_url": self.blob_url or (data_dir / "blobs").as_uri(),
            "host": host,
            "public_url": public_address(
                self.public_url or own_address(host, self.port)
            ),
        }
        for name, value in defaults.items():
            object.__setattr__(self, name, value)
        secure = self.secure_cookies or self.public_url.startswith("https://")
        object.__setattr__(self, "secure_cookies", secure)

    @property
    def path_prefix(self) -> str:
        """The path of the public address; empty where it has none."""
        return urlsplit(self.public_url).path

    def to_environ(self) -> dict[str, str]:
        """Return the variables from which a child process makes the same value."""
        own = {PREFIX + name.upper(): _to_text(getattr(self, name)) for name in OWN}
        return own | chat_environ(self.chat)


OWN = tuple(entry.name for entry in fields(Settings) if entry.name != "chat")
"""Fields of which each is a variable of its own."""


def settings_from(
    environ: Mapping[str, str], options: Mapping[str, object] | None = None
) -> Settings:
    """Return the settings of a command, and make the secret key if need be.

    Parameters
    ----------
    environ : mapping of str to str
        The environment; only ``BOARDCAST_*`` is read.
    options : mapping of str to object, optional
        By the names of `Settings`; those that are None are left to `environ`.

    Raises
    ------
    SettingsError
        If no profile is given or a variable is not what it should be.
    StorageError
        If the secret key can neither be read nor written.
    """
    given: dict[str, object] = {
        name: _from_text(name, environ[PREFIX + name.upper()])
        for name in OWN
        if environ.get(PREFIX + name.upper())
    }
    given |= {
        name: value for name, value in (options or {}).items() if value is not None
    }
    if "profile_path" not in given:
        raise SettingsError(
            "No event.toml is given.",
            hint=f"Name it with --event, or set {PREFIX}PROFILE_PATH.",
        )
    given["data_dir"] = data_dir_of(environ, options)
    if not given.get("secret_key"):
        given["secret_key"] = stored_secret(Path(str(given["data_dir"])))
    given["chat"] = chat_server_from(environ)
    # The names are those of the fields and _from_text gives each its type.
    return Settings(**given)  # type: ignore[arg-type]  # checked field by field above


def data_dir_of(
    environ: Mapping[str, str], options: Mapping[str, object] | None = None
) -> Path:
    """Return the data folder of a command, as `settings_from` takes it."""
    given = (options or {}).get("data_dir") or environ.get(f"{PREFIX}DATA_DIR")
    return Path(str(given or DEFAULT_DATA_DIR))


def stored_secret(data_dir: Path) -> str:
    """Return the secret key of a data folder; make it at the first time.

    Readable by its owner only. Two processes that make it at the same moment
    end up with the same one.

    Raises
    ------
    SettingsError
        If the folder cannot be written.
    """
    path = data_dir / SECRET_FILE
    try:
        if not path.exists():
            data_dir.mkdir(0o700, parents=True, exist_ok=True)
            write_once(path, secrets.token_urlsafe(SECRET_BYTES))
        return path.read_text().strip()
    except OSError as error:
        raise folder_refused(data_dir, error) from error


def folder_refused(folder: Path, error: OSError) -> SettingsError:
    """Return what a data folder that cannot be used is refused with."""
    return SettingsError(
        f"The folder {folder} cannot be used: {error.strerror}.",
        hint="Give a folder that you may write to, on a disk with space, with --data.",
    )


def _resolved(path: Path) -> Path:
    """Return a path from the root, which every process finds.

    Raises
    ------
    SettingsError
        If its name is no text: it would be another one in an address.
    """
    try:
        resolved = path.resolve()
        str(resolved).encode()
    except (UnicodeEncodeError, OSError, RuntimeError) as error:
        raise SettingsError(
            f"The path {str(path)!r} cannot be used.",
            hint="Give one whose names are text in UTF-8 and whose links end somewhere.",
        ) from error
    return resolved


def database_in(data_dir: Path) -> str:
    """Return the address of a data folder's own database, whatever its name holds."""
    return f"sqlite:///{quote(str(data_dir))}/boardcast.db"


def write_once(path: Path, text: str) -> None:
    """Write a file of mode 0600 whole, unless it exists by then.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    handle, name = tempfile.mkstemp(dir=path.parent)  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(name, path)
        except FileExistsError:
            return
    finally:
        Path(name).unlink()


def _to_text(value: object) -> str:
    match value:
        case bool():
            return "1" if value else "0"
        case tuple():
            return ",".join(value)
        case _:
            return str(value)


def _from_text(name: str, text: str) -> object:
    """Return a variable's value in the type of its field.

    Raises
    ------
    SettingsError
        If the text is not such a value.
    """
    match name:
        case "profile_path" | "data_dir":
            return Path(text)
        case "port" | "max_upload_bytes":
            return _whole_number(name, text)
        case "secure_cookies" | "access_log":
            return _truth(name, text)
        case "trusted_hosts" | "trusted_proxies":
            return tuple(part.strip() for part in text.split(",") if part.strip())
        case _:
            return text


def _whole_number(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise SettingsError(
            f'Expected a whole number for {PREFIX}{name.upper()}, got "{text}".',
            hint="Write digits only.",
        ) from error


def _truth(name: str, text: str) -> bool:
    if text not in {"0", "1"}:
        raise SettingsError(
            f'Expected 0 or 1 for {PREFIX}{name.upper()}, got "{text}".',
            hint="1 for yes, 0 for no.",
        )
    return text == "1"
