"""What was acknowledged outlives the server."""

from __future__ import annotations

from tests.journeys.conftest import SitDown
from tests.journeys.server import Server


def test_an_acknowledged_reception_survives_the_death_of_the_server(
    sit_down: SitDown, server: Server
) -> None:
    desk = sit_down("tt.tiepnhan1")
    # What the browser was doing when the server died is not a mishap of the page.
    code = desk.receive_case(name="Trương Hữu Nghĩa")
    cases = server.ask("SELECT count(*) FROM cases_case")

    server.kill()
    was_healthy = server.is_healthy()
    server.start()

    assert not was_healthy
    assert "minh họa…" not in server.said
    assert server.ask("SELECT count(*) FROM cases_case") == cases
    desk.open(f"/ho-so/{code}/")
    assert desk.heading == code
    assert "Trương Hữu Nghĩa" in desk.page.locator("main").inner_text()
