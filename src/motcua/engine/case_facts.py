"""What the conditions of a chart may ask of a case: a list of names, each with its type and values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from motcua.engine.conditions import NUMBER, TEXT

OUTCOME: Final = "outcome"
ANSWER: Final = "answer"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A value that each case has: its type, and which values there are (none named: any)."""

    kind: str
    values: tuple[str, ...] = ()
    vi: str
    en: str


FACTS: Final = {
    OUTCOME: Fact(kind=TEXT, vi="kết quả của bước vừa xong", en="outcome of the step just done"),
    ANSWER: Fact(
        kind=TEXT, vi="trả lời trong tin vừa nhận", en="answer in the message just received"
    ),
    "channel": Fact(
        kind=TEXT, values=("COUNTER", "ONLINE", "POST"), vi="cách thức nộp", en="channel"
    ),
    "variant": Fact(kind=TEXT, vi="mã trường hợp", en="code of the case variant"),
    "applicant": Fact(
        kind=TEXT, values=("PERSON", "ORGANISATION"), vi="loại người nộp", en="kind of applicant"
    ),
    "amount": Fact(kind=NUMBER, vi="phí, lệ phí (đồng)", en="fee (VND)"),
}
