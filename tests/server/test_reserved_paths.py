from calibration.event import RESERVED_PATHS
from server.app import create_app


def test_no_short_path_can_hide_an_address_of_the_server(site):
    rules = create_app(site.settings).url_map.iter_rules()
    home = site.profile.event.short_path

    first_parts = {rule.rule.split("/")[1].split(".")[0] for rule in rules}

    assert first_parts - {"", home} <= RESERVED_PATHS
