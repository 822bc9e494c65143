"""``python -m server`` is ``boardcast``."""

from server.cli import main

if __name__ == "__main__":
    main()
