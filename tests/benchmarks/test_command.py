from click.testing import CliRunner

from server.cli import main


def test_folder_without_boards_is_wrong_usage(tmp_path):
    result = CliRunner().invoke(main, ["bench", "--quick", str(tmp_path)])

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == (
        f"The folder {tmp_path} holds no boards with truth.\n"
        "Give one that has folders with photo.jpg, truth.json and layout.json.\n"
    )


def test_engine_that_is_to_be_measured_and_has_no_server_is_refused():
    result = CliRunner().invoke(main, ["bench", "--quick", "--engine", "chat"])

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == (
        "The engine chat has no server to ask.\n"
        "Give its address and its model with --chat-url and --chat-model.\n"
    )
