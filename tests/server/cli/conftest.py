import pytest
from click.testing import CliRunner

from server.cli import main


@pytest.fixture
def run():
    """Run the program in this process; give its result."""

    def invoke(*arguments, **more):
        return CliRunner().invoke(main, [str(entry) for entry in arguments], **more)

    return invoke
