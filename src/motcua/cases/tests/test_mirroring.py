"""Case files of other systems: mirrored once, ordered by their own times, owned by one system."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from motcua.audit.models import Entry
from motcua.cases import actions
from motcua.cases.mirror_queries import list_statuses
from motcua.cases.models import Case, MirroredCase, MirroredStatus
from motcua.cases.tests.world import MONDAY, World, make_procedure
from motcua.engine.forwarded import read_case, read_status
from motcua.engine.tests.test_forwarded import CASE, STATUS
from motcua.people.actions import NotAllowed
from motcua.people.models import Agency

pytestmark = pytest.mark.django_db

NOW = MONDAY + timedelta(days=30)


def mirror(world: World, **changes: Any) -> MirroredCase:
    return actions.mirror_case(
        officer=world.system, source="DVCQG", told=read_case({**CASE, **changes}), now=NOW
    )


def tell(world: World, status: int, at: str, code: str = CASE["MaHoSo"]) -> MirroredCase:
    told = read_status({**STATUS, "MaHoSo": code, "TrangThai": status, "ThoiDiemXuLy": at})
    return actions.record_foreign_status(officer=world.system, source="DVCQG", told=told, now=NOW)


def take_over(world: World, row: MirroredCase, code: str, **changes: Any) -> MirroredCase:
    values = {"officer": world.cuc, "mirrored_id": row.pk, "case_code": code, "now": NOW}
    return actions.take_over_case(**{**values, **changes})


def test_nobody_but_the_system_mirrors(world: World) -> None:
    for person in (world.oanh, world.cuc, world.controller):
        with pytest.raises(NotAllowed):
            actions.mirror_case(officer=person, source="DVCQG", told=read_case(CASE), now=NOW)
        with pytest.raises(NotAllowed):
            actions.record_foreign_status(
                officer=person, source="DVCQG", told=read_status(STATUS), now=NOW
            )

    assert not MirroredCase.objects.exists()


def test_the_same_message_again_changes_nothing(world: World) -> None:
    first = mirror(world)
    tell(world, 9, "20230307150000")
    entries = Entry.objects.count()

    again = mirror(world)
    tell(world, 9, "20230307150000")

    assert again.pk == first.pk
    assert MirroredStatus.objects.count() == 2
    assert Entry.objects.count() == entries
    assert not Case.objects.exists()


def test_statuses_are_ordered_by_their_own_times_however_they_arrive(world: World) -> None:
    told = [(4, "20230306100000"), (5, "20230307100000"), (9, "20230308100000")]

    ended = set()
    for number, order in enumerate(permutations(told)):
        code = f"G09.20-20230306-{number:07}"
        mirror(world, MaHoSo=code)
        for status, at in order:
            row = tell(world, status, at, code)
        ended.add((row.foreign_status, tuple(one.status for one in list_statuses(row))))

    assert ended == {(9, (4, 4, 5, 9))}


def test_a_newer_record_moves_the_due_time_and_an_older_one_does_not(world: World) -> None:
    mirror(world)
    tell(world, 5, "20230307100000")

    mirror(world, NgayHenTra="20230320170000")
    old = MirroredCase.objects.get().due_at
    mirror(world, NgayHenTra="20230321170000", NgayKetThucXuLy="20230309160000", TrangThaiHoSo=9)

    assert old == read_case(CASE).due_at
    assert (
        MirroredCase.objects.get().due_at
        == read_case({**CASE, "NgayHenTra": "20230321170000"}).due_at
    )


def test_a_status_of_an_unknown_case_file_says_what_to_send_first(world: World) -> None:
    with pytest.raises(actions.CannotMirrorCase, match="Hãy gửi bản ghi hồ sơ"):
        tell(world, 9, "20230307150000")


def test_a_moment_that_has_not_come_and_an_unknown_agency_are_refused(world: World) -> None:
    with pytest.raises(actions.CannotMirrorCase, match="còn ở phía trước"):
        mirror(world, NgayTiepNhan="20240306090000")
    with pytest.raises(actions.CannotMirrorCase, match="Không có cơ quan nào mang mã “H99”"):
        mirror(world, DonViXuLy="H99")

    assert not MirroredCase.objects.exists()


def test_what_is_meant_for_a_dissolved_agency_comes_to_its_successor(world: World) -> None:
    Agency.objects.filter(pk=world.centre.pk).update(
        ends_on=date(2023, 3, 20), successor=world.office
    )

    assert mirror(world).agency_id == world.office.pk


def test_exactly_one_system_owns_the_status(world: World) -> None:
    row, case = mirror(world), world.receive()

    ours = take_over(world, row, f" {case.code.lower()} ")
    again = take_over(world, row, case.code)
    after = tell(world, 9, "20230309100000")

    assert ours.case_id == again.case_id == case.pk
    assert after.foreign_status == 9
    assert Case.objects.get().status == case.status
    with pytest.raises(IntegrityError), transaction.atomic():
        MirroredCase.objects.filter(pk=row.pk).update(taken_over_by=None)


def test_whoever_does_not_receive_at_the_agency_takes_nothing_over(world: World) -> None:
    row, case = mirror(world), world.receive()

    for person in (world.oanh, world.binh, world.controller):
        with pytest.raises(NotAllowed):
            take_over(world, row, case.code, officer=person)

    assert MirroredCase.objects.get().case_id is None


def test_only_a_fitting_case_takes_over(world: World) -> None:
    row, case = mirror(world), world.receive()
    other = mirror(world, MaHoSo="G09.20-20230306-0000002", MaTTHC="1.000002")
    make_procedure(world.office, code="1.000002", name="Thủ tục khác")

    with pytest.raises(actions.CannotTakeOver, match="chưa tiếp nhận hồ sơ nào mang mã “KHÔNG”"):
        take_over(world, row, "không")
    with pytest.raises(
        actions.CannotTakeOver, match="thuộc thủ tục 1.000001, còn hồ sơ chuyển đến"
    ):
        take_over(world, other, case.code)
    third = mirror(world, MaHoSo="G09.20-20230306-0000003")
    take_over(world, row, case.code)
    with pytest.raises(actions.CannotTakeOver, match="đã gắn với một hồ sơ chuyển đến khác"):
        take_over(world, third, case.code)
    with pytest.raises(actions.CannotTakeOver, match="đã do mình giải quyết dưới mã"):
        take_over(world, row, "000")


def test_what_has_ended_over_there_is_not_taken_over(world: World) -> None:
    row, case = mirror(world), world.receive()
    tell(world, 10, "20230309100000")

    with pytest.raises(actions.CannotTakeOver, match="đã “Đã trả kết quả” lúc 10:00 09/03/2023"):
        take_over(world, row, case.code)


def test_the_command_takes_in_a_file_and_tells_what_it_refused(
    world: World, tmp_path: Path
) -> None:
    file, out, err = tmp_path / "messages.jsonl", StringIO(), StringIO()
    lines = [
        {"service": "DongBoHoSoMC", "data": CASE},
        {"service": "CapNhatTienDoHoSoMC", "data": STATUS},
        {"service": "CapNhatTienDoHoSoMC", "data": {**STATUS, "TrangThai": 12}},
        {"service": "XoaHoSo", "data": {}},
        [],
    ]
    file.write_text("\n".join(json.dumps(line) for line in lines) + "\n{\n", encoding="utf-8")

    call_command("mirror", str(file), stdout=out, stderr=err)
    call_command("mirror", str(file), stdout=out, stderr=err)

    assert out.getvalue().count("Đã nhận 2 tin, từ chối 4 tin.") == 2
    assert "3: Trường TrangThai không đọc được: “12”" in err.getvalue()
    assert "5: Đây không phải là một tin JSON" in err.getvalue()
    assert MirroredCase.objects.get().foreign_status == 9
