"""What the site's processes write while they run: one line for each thing.

To standard error, which systemd, containers and ``2> file`` all take.
"""

import logging

LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
DATE = "%Y-%m-%dT%H:%M:%S%z"


class OneLine(logging.Formatter):
    """Escapes line ends in messages: what somebody sent cannot fake a line."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's name)
        """Return the record in one line; a traceback still follows below it."""
        line = super().formatMessage(record)
        return line.replace("\r", "\\r").replace("\n", "\\n")


def log_to_stderr() -> None:
    """Write what this process's `server` loggers say, with the time."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine(LINE, DATE))
    logging.basicConfig(handlers=[handler])
    logging.getLogger("server").setLevel(logging.INFO)
