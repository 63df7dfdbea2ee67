"""The address for other systems: who gets in, how far, and what they are told when they do not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from itertools import permutations
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from motcua.audit.models import Entry, Read
from motcua.cases import actions
from motcua.cases.models import MirroredCase, MirroredStatus, SystemAccess
from motcua.cases.tests.clock_at import clock_at
from motcua.cases.tests.world import MONDAY, World
from motcua.engine.tests.test_forwarded import CASE, STATUS
from motcua.people.actions import NotAllowed
from motcua.people.models import User

pytestmark = pytest.mark.django_db

ADDRESS = "/ket-noi/tin/"
NOW = MONDAY + timedelta(days=30)
RECORD = {"service": "DongBoHoSoMC", "data": CASE}
PROGRESS = {"service": "CapNhatTienDoHoSoMC", "data": STATUS}


@pytest.fixture
def world(world: World) -> Iterator[World]:
    with clock_at(NOW):
        yield world


def token(world: World, source: str = "DVCQG", agency: str = "H19") -> str:
    _access, given = actions.give_access(
        officer=world.system, source=source, agency_code=agency, now=MONDAY
    )
    return given


def post(message: object, key: str = "", *, scheme: str = "Bearer", behind: str = "") -> Any:
    content = message if isinstance(message, bytes) else json.dumps(message).encode()
    headers = {"Authorization": f"{scheme} {key}"} if key else {}
    if behind:
        headers["X-Forwarded-For"] = behind
    # A real client has no cookie of ours, and none is asked for.
    return Client(enforce_csrf_checks=True).post(
        ADDRESS, content, content_type="application/json", headers=headers
    )


def test_an_outsider_gets_in_nowhere(world: World) -> None:
    key = token(world)
    ended = token(world, "G09")
    last = SystemAccess.objects.get(source="G09")
    actions.end_access(officer=world.system, access_id=last.pk, now=NOW)
    signed_in = Client()
    signed_in.force_login(User.objects.get(pk=world.cuc.id))

    answers = [
        post(RECORD),
        post(RECORD, "khong-phai-ma"),
        post(RECORD, key[:-1]),
        post(RECORD, SystemAccess.objects.all()[0].token_hash),
        post(RECORD, key, scheme="Basic"),
        post(RECORD, ended),
        signed_in.post(ADDRESS, json.dumps(RECORD), content_type="application/json"),
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert {answer["WWW-Authenticate"] for answer in answers} == {"Bearer"}
    assert "Hãy liên hệ quản trị viên" in answers[0].json()["message"]
    assert not MirroredCase.objects.exists()


def test_nobody_but_who_runs_the_machine_gives_or_ends_access(world: World) -> None:
    for person in (world.oanh, world.cuc, world.controller):
        with pytest.raises(NotAllowed):
            actions.give_access(officer=person, source="DVCQG", agency_code="H19", now=NOW)
    token(world)
    for person in (world.oanh, world.cuc, world.controller):
        with pytest.raises(NotAllowed):
            actions.end_access(officer=person, access_id=SystemAccess.objects.get().pk, now=NOW)

    assert SystemAccess.objects.get().ended_at is None


def test_the_token_is_kept_nowhere(world: World) -> None:
    key = token(world)
    post(RECORD, key)

    access = SystemAccess.objects.get()
    assert key not in (access.token_hash, str(access))
    assert len(access.token_hash) == 64
    assert not Entry.objects.filter(facts__icontains=key).exists()
    assert not Read.objects.filter(note__contains=key).exists()


def test_a_case_and_its_statuses_are_kept_as_from_a_file(world: World) -> None:
    key = token(world)

    first, second = post(RECORD, key), post(PROGRESS, key)

    assert [answer.status_code for answer in (first, second)] == [200, 200]
    assert first.json() == {"error_code": 0, "message": "Đã nhận."}
    assert MirroredCase.objects.get().foreign_status == 9
    taken = Read.objects.filter(subject="system:DVCQG", was_allowed=True)
    assert taken.count() == 2


def test_the_same_messages_in_any_order_and_number_come_to_the_same(world: World) -> None:
    key, ended = token(world), set()
    told = [(4, "20230306100000"), (5, "20230307100000"), (9, "20230308100000")]
    for number, order in enumerate(permutations(told)):
        code = f"G09.20-20230306-{number:07}"
        post({**RECORD, "data": {**CASE, "MaHoSo": code}}, key)
        for status, at in [*order, *order]:
            data = {"MaHoSo": code, "TrangThai": status, "ThoiDiemXuLy": at}
            assert post({**PROGRESS, "data": data}, key).status_code == 200
        row = MirroredCase.objects.get(foreign_code=code)
        ended.add((row.foreign_status, MirroredStatus.objects.filter(mirrored=row).count()))

    assert ended == {(9, 4)}


def test_a_system_speaks_only_for_its_own_cases_at_its_own_agencies(world: World) -> None:
    key = token(world)
    post(RECORD, key)
    elsewhere, ministry = token(world, agency="H19.17"), token(world, "G09")
    before = MirroredCase.objects.get().foreign_status
    other = {**RECORD, "data": {**CASE, "MaHoSo": "G09.20-20230306-0000009"}}
    moved = {**RECORD, "data": {**CASE, "DonViXuLy": "H19.17"}}

    refused = [post(PROGRESS, elsewhere), post(other, elsewhere), post(moved, elsewhere)]
    unknown = post(PROGRESS, ministry)

    assert [answer.status_code for answer in refused] == [403, 403, 403]
    assert "Sở Tài nguyên và Môi trường và các đơn vị bên dưới" in refused[0].json()["message"]
    assert unknown.status_code == 422
    assert "Hãy gửi bản ghi hồ sơ" in unknown.json()["message"]
    assert MirroredCase.objects.get().foreign_status == before
    assert Read.objects.filter(subject="system:DVCQG", was_allowed=False).count() == 3
    assert "Thúy An" not in "".join(answer.content.decode() for answer in refused)


def test_a_status_of_a_time_that_was_ours_is_refused_and_kept(world: World) -> None:
    key = token(world)
    post(RECORD, key)
    row, case = MirroredCase.objects.get(), world.receive()
    actions.take_over_case(officer=world.cuc, mirrored_id=row.pk, case_code=case.code, now=MONDAY)

    answers = [post(PROGRESS, key) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert answers[0].json()["error_code"] == 409
    assert "do hệ thống một cửa này giữ" in answers[0].json()["message"]
    assert MirroredStatus.objects.filter(was_refused=True).count() == 1
    assert MirroredCase.objects.get().foreign_status == 4


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (b"", "không phải là một tin JSON"),
        (b"{", "không phải là một tin JSON"),
        (b"\xff\xfe", "không phải là một tin JSON"),
        (b"[" * 60_000, "không phải là một tin JSON"),
        ([RECORD], "không phải là một tin JSON"),
        ({"service": "DongBoHoSoMC"}, "không phải là một tin JSON"),
        ({"service": "XoaHoSo", "data": {}}, "Trường service không đọc được: “XoaHoSo”"),
        ({"service": ["x"], "data": {}}, "Trường service không đọc được"),
        ({"service": "DongBoHoSoMC", "data": "x"}, "Trường data không đọc được: “x”"),
        ({**RECORD, "data": {**CASE, "ChuHoSo": 5}}, "Trường ChuHoSo không đọc được: “5”"),
        ({**RECORD, "data": {**CASE, "ChuHoSo": "\ud800"}}, "Trường ChuHoSo không đọc được"),
        ({**RECORD, "data": {**CASE, "MaHoSo": "x" * 101}}, "Trường MaHoSo không đọc được"),
        ({**RECORD, "data": {**CASE, "NgayTiepNhan": "hôm nay"}}, "“hôm nay”. Hãy sửa rồi gửi lại"),
        (
            {**PROGRESS, "data": {**STATUS, "TrangThai": 11}},
            "Trường TrangThai không đọc được: “11”",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(world: World, message: object, said: str) -> None:
    answer = post(message, token(world))

    assert answer.status_code == 400
    assert said in answer.json()["message"]
    assert not MirroredCase.objects.exists()


def test_a_message_that_is_too_long_is_not_read(world: World) -> None:
    key = token(world)
    fits = {**RECORD, "data": {**CASE, "TaiLieuNop": "x" * 60_000}}
    long = {**RECORD, "data": {**CASE, "TaiLieuNop": "x" * 66_000}}

    answers = [post(long, key), post(fits, key)]

    assert [answer.status_code for answer in answers] == [413, 200]
    assert "Tin dài quá 64 KB" in answers[0].json()["message"]


def test_what_comes_too_often_is_not_read_and_may_come_again(
    world: World, settings: Settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {
        **settings.ACCOUNT_RATE_LIMITS,
        "system_message": "2/m/key",
    }
    key, other = token(world), token(world, "G09")
    post(RECORD, key)
    post(PROGRESS, key)
    before = MirroredStatus.objects.count()

    late = [post({**PROGRESS, "data": {**STATUS, "TrangThai": 9}}, key) for _time in range(3)]
    from_another = post(RECORD, other)

    assert {answer.status_code for answer in late} == {429}
    assert {answer["Retry-After"] for answer in late} == {"60"}
    assert "Hãy chờ 60 giây rồi gửi lại" in late[0].json()["message"]
    assert MirroredStatus.objects.filter(mirrored__source="DVCQG").count() == before
    assert Read.objects.filter(what="system.message", note__endswith=": 429").count() == 1
    assert from_another.status_code == 200


def test_whoever_tries_tokens_is_noted_and_soon_not_looked_at(world: World) -> None:
    ended = token(world, "G09")
    access = SystemAccess.objects.get(source="G09")
    actions.end_access(officer=world.system, access_id=access.pk, now=NOW)
    key = token(world)

    answers = [post(RECORD, ended), *(post(RECORD, f"khong-phai-{n}") for n in range(31))]
    good = post(RECORD, key)

    assert [answer.status_code for answer in answers].count(429) == 2
    notes = Read.objects.filter(what="system.unknown", was_allowed=False).order_by("pk")
    assert notes.count() == 30
    assert (notes[0].subject, notes[0].note) == ("system:G09", f"{access.pk}: 401")
    assert (notes[1].subject, notes[1].note) == ("system:", "401")
    assert good.status_code == 200


@pytest.mark.parametrize(
    ("servers_in_front", "answered"), [(1, [401] * 31), (0, [401] * 30 + [429])]
)
def test_callers_behind_the_server_in_front_are_told_apart_only_where_there_is_one(
    world: World, settings: Settings, servers_in_front: int, answered: list[int]
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = servers_in_front

    answers = [post(RECORD, "khong-phai", behind=f"10.0.0.{n}") for n in range(31)]

    assert [answer.status_code for answer in answers] == answered


def test_nothing_is_read_at_the_address(world: World) -> None:
    headers = {"Authorization": f"Bearer {token(world)}"}

    assert Client().get(ADDRESS, headers=headers).status_code == 405


def test_the_command_gives_lists_and_ends_access(world: World) -> None:
    out = StringIO()
    call_command("system_access", "give", "DVCQG", "--agency", "H19", stdout=out)
    key = out.getvalue().split()[-1]
    taken = post(RECORD, key).status_code
    access = SystemAccess.objects.get()

    call_command("system_access", "end", str(access.pk), stdout=out)
    call_command("system_access", "list", stdout=out)

    assert taken == 200
    assert post(RECORD, key).status_code == 401
    assert out.getvalue().splitlines()[-1].endswith("DVCQG  H19  đã đóng ngày 05/04/2023")
    with pytest.raises(CommandError, match="Không có quyền kết nối nào đang mở"):
        call_command("system_access", "end", str(access.pk))
    with pytest.raises(CommandError, match="Không có cơ quan nào mang mã “H99”"):
        call_command("system_access", "give", "DVCQG", "--agency", "H99")
    told = Entry.objects.filter(subject="system:DVCQG").order_by("number")
    assert [entry.event for entry in told] == ["system.access_given", "system.access_ended"]
