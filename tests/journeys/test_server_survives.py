"""What was acknowledged outlives the server."""

from __future__ import annotations

from tests.journeys.conftest import SitDown
from tests.journeys.server import Server


def test_an_acknowledged_reception_survives_the_death_of_the_server(
    sit_down: SitDown, server: Server
) -> None:
    desk = sit_down("tt.tiepnhan1")
    form = desk.fill_in_reception(name="Trương Hữu Nghĩa")
    desk.page.goto("about:blank")
    before = server.ask("SELECT count(*) FROM cases_case")[0][0]

    acknowledged = desk.context.request.post(
        f"{desk.address}/tiep-nhan/2.000437/", form=form, max_redirects=0
    )
    server.kill()
    is_gone = server.is_gone(within_seconds=20)
    server.start()

    assert acknowledged.status == 302
    assert is_gone
    assert "minh họa…" not in server.said
    assert server.ask("SELECT count(*) FROM cases_case")[0][0] == before + 1
    desk.open(acknowledged.headers["location"])
    assert desk.path == f"/ho-so/{desk.heading}/"
    assert "Trương Hữu Nghĩa" in desk.page.locator("main").inner_text()
