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
