"""What a catalogue file holds, whether YAML or XLSX: its cells, its entries, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

FORMAT: Final = "motcua-catalogue/1"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a file and where it stands; a list or a mapping holds further cells."""

    value: str | tuple[Cell, ...] | dict[str, Cell] | None
    place: str
    # A spreadsheet number: harmless as an amount, but as a code it may have lost its zeros.
    is_number: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing that is wrong with a file, and where."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class CannotReadCatalogue(Exception):
    """The file is no catalogue at all: broken, too large, or of another kind."""

    def __init__(self, message: str, *, place: str = "") -> None:
        super().__init__(message)
        self.problem = Problem(place=place, message=message)


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldEntry:
    """A field as a file states it."""

    code: str
    name: str
    name_en: str = ""
    place: str = field(default="", compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelEntry:
    """A way to file, with its time limit and fee."""

    kind: str
    limit_amount: Decimal
    limit_unit: str
    fee_vnd: Decimal = Decimal(0)
    fee_note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ComponentEntry:
    """A paper of the dossier."""

    name: str
    form: str = ""
    originals: int = 0
    copies: int = 0
    is_required: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class VariantEntry:
    """A case variant with its steps and papers."""

    code: str
    name: str
    steps: tuple[str, ...] = ()
    components: tuple[ComponentEntry, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class RevisionEntry:
    """A revision as a file states it: `last_day` is the last day in force, itself included."""

    name: str
    name_en: str = ""
    starts_on: date
    last_day: date | None = None
    agency: str = ""
    agency_kind: str = ""
    decision_number: str = ""
    decision_date: date | None = None
    decision_status: str = "illustrative"
    legal_basis: tuple[str, ...] = ()
    online: str = "NONE"
    is_interagency_same_level: bool = False
    is_interagency_across_levels: bool = False
    is_place_independent: bool = False
    is_on_the_spot: bool = False
    workflow: str = ""
    channels: tuple[ChannelEntry, ...] = ()
    variants: tuple[VariantEntry, ...] = ()
    result: str = ""
    recorded_result: str = "NONE"
    place: str = field(default="", compare=False)
    agency_place: str = field(default="", compare=False)

    @property
    def ends_on(self) -> date | None:
        """The first day on which the revision is no longer in force, as it is stored."""
        return self.last_day + timedelta(days=1) if self.last_day else None

    def overlaps(self, other: RevisionEntry) -> bool:
        """Say whether both revisions are in force on some day."""
        return self.starts_on <= (other.last_day or date.max) and other.starts_on <= (
            self.last_day or date.max
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcedureEntry:
    """A procedure as a file states it, its revisions in the order of their first days."""

    code: str
    code_status: str
    field_code: str
    level: str
    revisions: tuple[RevisionEntry, ...] = ()
    place: str = field(default="", compare=False)
    field_place: str = field(default="", compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedCatalogue:
    """What a file says; only one without problems can be imported."""

    fields: tuple[FieldEntry, ...] = ()
    procedures: tuple[ProcedureEntry, ...] = ()
    problems: tuple[Problem, ...] = field(default=(), compare=False)


# Each value of an enumeration with the word that a spreadsheet shows for it. The words belong to
# the format: they do not follow the language of the reader.
CODE_STATUSES: Final = {"verified": "đã kiểm tra", "illustrative": "minh họa"}
ONLINE: Final = {"NONE": "không trực tuyến", "PARTIAL": "một phần", "FULL": "toàn trình"}
RECORDED_RESULTS: Final = {
    "NONE": "không ghi ở đây",
    "LICENCE": "giấy phép",
    "CERTIFICATE": "giấy chứng nhận",
    "DECISION": "quyết định",
    "REPLY": "văn bản trả lời",
}
CHANNEL_KINDS: Final = {
    "COUNTER": "Trực tiếp",
    "ONLINE": "Trực tuyến",
    "POST": "Bưu chính công ích",
}
LIMIT_UNITS: Final = {
    "HOUR": "giờ làm việc",
    "WORKING_DAY": "ngày làm việc",
    "DAY": "ngày",
    "MONTH": "tháng",
}
LEVELS: Final = {
    "PROVINCE": "Cấp tỉnh",
    "DISTRICT": "Cấp huyện",
    "COMMUNE": "Cấp xã",
    "VERTICAL": "Ngành dọc",
}
AGENCY_KINDS: Final = {"DISTRICT": "Cấp huyện", "COMMUNE": "Cấp xã"}
FLAGS: Final = {"true": "Có", "false": "Không"}
