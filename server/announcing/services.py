"""Services that posts go to, by names that may be shown; their addresses are secret.

They are in a file of the data folder or in the environment, a line each: a name, and an
address as apprise has it. They are in no error, no log and no database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from server.config import PREFIX, folder_refused
from server.errors import SettingsError

FILE = "announce-services"
"""In the data folder."""

VARIABLE = f"{PREFIX}ANNOUNCE_SERVICES"
"""Instead of the file: the same lines."""

MAX_SERVICES = 20
MAX_NAME_CHARS = 40


@dataclass(frozen=True, slots=True)
class Service:
    """Where posts go to.

    Parameters
    ----------
    name : str
        As the organiser calls it; shown at the desk.
    address : str
        apprise's; with a password in it, so that it is never shown.
    """

    name: str
    address: str = field(repr=False)


def services_from(environ: Mapping[str, str], data_dir: Path) -> tuple[Service, ...]:
    """Return the services of a site; none if none are named.

    Parameters
    ----------
    environ : mapping of str to str
        The environment.
    data_dir : Path

    Raises
    ------
    SettingsError
        If a line is not as described, or the file cannot be read.
    """
    text = environ.get(VARIABLE, "")
    if text:
        return _parsed(text, VARIABLE)
    path = data_dir / FILE
    try:
        return _parsed(path.read_text("utf-8-sig"), str(path))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise folder_refused(path, error) from error
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"{path} is no text in UTF-8.", hint="Write a line a service."
        ) from error


def _parsed(text: str, source: str) -> tuple[Service, ...]:
    services: dict[str, Service] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        name, _, address = line.strip().partition(" ")
        if not name or name.startswith("#"):
            continue
        wrong = ""
        if not address.strip() or "://" in name:
            wrong = "expected a name, a blank and an address"
        elif name in services:
            wrong = f"the name {name} is there twice"
        elif len(name) > MAX_NAME_CHARS or len(services) == MAX_SERVICES:
            wrong = f"more than {MAX_SERVICES} services or {MAX_NAME_CHARS} characters"
        if wrong:
            raise SettingsError(
                f"{source}, line {number}: {wrong}.",
                hint="For example: fosstodon mastodons://TOKEN@fosstodon.org",
            )
        services[name] = Service(name, address.strip())
    return tuple(services.values())
