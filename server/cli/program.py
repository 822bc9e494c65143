"""The program: its commands, and what a refusal becomes."""

from typing import Any

import click

from calibration.errors import BoardcastError
from server.cli.announce import announce
from server.cli.backup import backup
from server.cli.calibrate import calibrate
from server.cli.camera import camera
from server.cli.check import check
from server.cli.demo import demo
from server.cli.doctor import doctor
from server.cli.export_labels import export_labels
from server.cli.forget import forget
from server.cli.init import init
from server.cli.invitations import list_invitations, revoke_invitations
from server.cli.invite import invite
from server.cli.kit import kit
from server.cli.plan import plan
from server.cli.read import read
from server.cli.reload import reload
from server.cli.restore import restore
from server.cli.retry import retry
from server.cli.send import send
from server.cli.serve import serve
from server.cli.watch import watch
from server.errors import outcome_of


class RefusingGroup(click.Group):
    """A group of commands that tell what was wrong instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a refusal ends it with message, hint and exit code."""
        try:
            return super().invoke(ctx)
        except BoardcastError as error:
            click.echo(f"{error.message}\n{error.hint}", err=True)
            ctx.exit(outcome_of(error).exit_code)


@click.group(
    cls=RefusingGroup, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="boardcast")
def main() -> None:
    """Put a conference's Open Spaces board online.

    See it with a sample event: boardcast demo.
    Run it for your own: boardcast serve --event event.toml.

    Exit codes: 0 done, 1 refused with a reason, 2 wrong usage.
    """


for command in (
    announce,
    backup,
    calibrate,
    camera,
    check,
    demo,
    doctor,
    export_labels,
    forget,
    init,
    invite,
    kit,
    list_invitations,
    plan,
    read,
    reload,
    restore,
    retry,
    revoke_invitations,
    send,
    serve,
    watch,
):
    main.add_command(command)
