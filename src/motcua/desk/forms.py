"""What people type at the counter: the search for a procedure, and a case to receive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.cases.actions import PartyEntry, Problem, Submission
from motcua.procedures.queries import ComponentSheet, Sheet, VariantSheet

# The ways to hand in papers to a person; what comes online is received elsewhere.
COUNTER_CHANNELS = {
    "COUNTER": gettext_lazy("Trực tiếp"),
    "POST": gettext_lazy("Bưu chính công ích"),
}
PARTY_KINDS = {"PERSON": gettext_lazy("Cá nhân"), "ORGANISATION": gettext_lazy("Tổ chức")}
_PARTY_TEXTS = ("full_name", "identity_number", "phone", "email", "address")
# Nobody hands in a thousand of one paper: beyond it, two numbers were typed in one box.
MOST_PAPERS = 999


class Line(forms.CharField):
    """A text as typed. Whether it may be empty is judged when the case is received, with the rest."""

    def to_python(self, value: Any) -> str | None:
        """Drop the sign NUL, which no keyboard types and PostgreSQL refuses."""
        return super().to_python(value.replace("\0", "") if isinstance(value, str) else value)

    def validate(self, value: Any) -> None:
        """Accept an empty text."""


class CounterSearchForm(forms.Form):
    """Words or a code, a field, and the words whose results were on the screen when Enter was hit."""

    q = Line(
        label=gettext_lazy("Tên, mã hoặc lĩnh vực thủ tục"),
        required=False,
        max_length=200,
        error_messages={
            "max_length": gettext_lazy(
                "Cụm từ dài quá %(limit_value)d ký tự. Hãy chỉ gõ vài từ trong tên thủ tục."
            )
        },
    )
    field = Line(required=False, max_length=30)
    mo = Line(required=False, max_length=200)


class KindField(forms.ChoiceField):
    """Person or organisation. A missing answer is judged when the case is received."""

    def validate(self, value: Any) -> None:
        """Refuse only what is no choice."""
        if value:
            super().validate(value)


class CountField(forms.CharField):
    """How many of a paper came: a whole number, or nothing."""

    def __init__(self, *, component: ComponentSheet, number: int, expected: int, of: str) -> None:
        name = f"{of}: {component.name}"
        attrs = {
            "inputmode": "numeric",
            "autocomplete": "off",
            "placeholder": str(expected),
            "aria-label": name,
            "class": "form-control paper-count",
        }
        label = _("Giấy tờ %(number)s") % {"number": number}
        super().__init__(label=label, required=False, widget=forms.TextInput(attrs=attrs))

    def clean(self, value: Any) -> int | None:
        """Return the number; raise ValidationError when it is none, negative or too large."""
        text = str(value or "").replace("\0", "").strip()
        if not text:
            return None
        shown = text if len(text) <= 20 else f"{text[:20]}…"
        digits = text.removeprefix("-").replace("−", "")
        if not (digits.isascii() and digits.isdecimal()):
            raise forms.ValidationError(
                _("“%(text)s” không phải là số. Hãy ghi số bản bằng chữ số, ví dụ 1.")
                % {"text": shown}
            )
        if digits != text:
            raise forms.ValidationError(
                _("Số bản không thể âm (%(text)s). Hãy ghi 0 hoặc để trống nếu không nộp.")
                % {"text": shown}
            )
        if len(digits.lstrip("0")) > len(str(MOST_PAPERS)) or int(digits) > MOST_PAPERS:
            raise forms.ValidationError(
                _("Số bản %(text)s quá lớn, nhiều nhất là %(most)s. Hãy kiểm tra lại con số.")
                % {"text": shown, "most": MOST_PAPERS}
            )
        return int(digits)


def _line(label: Any, *, required: bool = False, longest: int | None = None, **attrs: str) -> Line:
    return Line(
        label=label,
        required=required,
        max_length=longest,
        widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}),
    )


def party_entry(typed: Mapping[str, Any], prefix: str) -> PartyEntry:
    """Return a party as it was typed in the boxes that party_fields made."""
    return PartyEntry(**{name: typed[f"{prefix}_{name}"] or "" for name in ("kind", *_PARTY_TEXTS)})


def party_fields(prefix: str) -> dict[str, forms.Field]:
    """Return the boxes of a party, named by a prefix."""
    return {
        f"{prefix}_kind": KindField(
            label=_("Là"),
            choices=list(PARTY_KINDS.items()),
            initial="PERSON",
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": _("Hãy chọn cá nhân hoặc tổ chức.")},
        ),
        f"{prefix}_full_name": _line(_("Họ tên hoặc tên tổ chức"), required=True),
        f"{prefix}_identity_number": _line(_("Số giấy tờ hoặc mã số doanh nghiệp")),
        f"{prefix}_phone": _line(_("Số điện thoại"), inputmode="tel"),
        # The column of the database is as long as an address may be (RFC 5321).
        f"{prefix}_email": _line(_("Thư điện tử"), longest=254, inputmode="email"),
        f"{prefix}_address": _line(_("Địa chỉ")),
    }


class ReceptionForm(forms.Form):
    """A case to receive: its variant and channel, its papers, who hands it in and whose it is.

    Only the shape is checked here; what the law and the catalogue ask is checked by the action.
    """

    use_required_attribute = False

    submission_key = forms.UUIDField(widget=forms.HiddenInput)
    note = Line(
        label=gettext_lazy("Ghi chú"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        error_messages={
            "max_length": gettext_lazy("Ghi chú dài quá %(limit_value)d ký tự. Hãy viết ngắn hơn.")
        },
    )

    def __init__(
        self,
        sheet: Sheet,
        data: Mapping[str, Any] | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.sheet = sheet
        self.has_lost_key = data is not None and not _is_key(data.get("submission_key"))
        if data is not None and self.has_lost_key:
            data = {**_flat(data), "submission_key": str(uuid4())}
        super().__init__(data, initial={"submission_key": uuid4(), **(initial or {})})
        self.chosen = self._chosen_variant()
        self._add_choices()
        for number, component in enumerate(self.chosen.components, start=1):
            self._add_paper(number, component)
        self.fields.update(party_fields("applicant"))
        self.fields["applicant_full_name"].widget.attrs.update(
            {"data-shortcut": "n", "data-shortcut-words": _("Họ tên người nộp")}
        )
        self.fields["owner_is_applicant"] = forms.BooleanField(
            label=_("Chủ hồ sơ chính là người nộp"), required=False, initial=True
        )
        self.fields.update(party_fields("owner"))
        self.fields.update(party_fields("representative"))
        self.fields["tracking_number"] = _line(
            _("Số hiệu bưu gửi (khi nhận qua bưu chính)"), list="arrivals"
        )
        self.fields["returns_by_post"] = forms.BooleanField(
            label=_("Trả kết quả qua dịch vụ bưu chính công ích"), required=False
        )
        self.fields["return_address"] = _line(
            _("Địa chỉ nhận kết quả (để trống: địa chỉ người nộp)"), longest=300
        )
        # The open cases that the clerk was shown as possibly the same, and wants another beside.
        self.fields["seen_duplicates"] = Line(required=False, widget=forms.HiddenInput)
        # Errors are listed in the order of the page.
        self.order_fields([*self.fields][2:])

    @classmethod
    def reloaded(cls, sheet: Sheet, data: Mapping[str, Any], *, fills: bool) -> ReceptionForm:
        """Return the form with what was typed, not yet judged; `fills` counts all required papers.

        Papers of the same name keep their numbers when the variant changes.
        """
        typed = _flat(data)
        if not _is_key(typed.get("submission_key")):
            typed.pop("submission_key", None)
        form = cls(sheet, initial={**typed, "owner_is_applicant": "owner_is_applicant" in typed})
        form.initial.update(_papers_by_name(form, typed))
        if fills:
            form.initial.update(_all_required(form))
        return form

    def _chosen_variant(self) -> VariantSheet:
        given = self.data.get("variant") if self.is_bound else self.initial.get("variant")
        found = (variant for variant in self.sheet.variants if variant.code == given)
        return next(found, self.sheet.variants[0])

    def _add_choices(self) -> None:
        offered = {channel.kind for channel in self.sheet.channels}
        channels = [(kind, name) for kind, name in COUNTER_CHANNELS.items() if kind in offered]
        wrong_variant = _("Hãy chọn trường hợp của thủ tục.")
        wrong_channel = _("Thủ tục này không nhận tại quầy theo cách thức đã chọn. Hãy chọn lại.")
        self.fields["variant"] = forms.ChoiceField(
            label=_("Trường hợp"),
            choices=[(variant.code, variant.name) for variant in self.sheet.variants],
            initial=self.chosen.code,
            error_messages={"required": wrong_variant, "invalid_choice": wrong_variant},
        )
        self.fields["channel"] = forms.ChoiceField(
            label=_("Cách thức nộp"),
            choices=channels,
            initial=channels[0][0] if channels else "",
            widget=forms.RadioSelect,
            error_messages={"required": wrong_channel, "invalid_choice": wrong_channel},
        )

    def _add_paper(self, number: int, component: ComponentSheet) -> None:
        name = f"component_{component.id}"
        self.fields[f"{name}_originals"] = CountField(
            component=component, number=number, expected=component.originals, of=_("Bản chính")
        )
        self.fields[f"{name}_copies"] = CountField(
            component=component, number=number, expected=component.copies, of=_("Bản sao")
        )
        self.fields[f"{name}_full"] = forms.BooleanField(
            label=_("Đủ"),
            required=False,
            widget=forms.CheckboxInput(attrs={"class": "paper-full"}),
        )

    def clean(self) -> None:
        """Refuse a form that lost the key against double clicks; it is given a new one."""
        if self.has_lost_key:
            raise forms.ValidationError(
                _(
                    "Biểu mẫu đã mất mã chống gửi trùng nên hồ sơ chưa được tiếp nhận. Mã mới đã được "
                    "cấp, thông tin đã nhập vẫn còn: hãy bấm “Tiếp nhận” lần nữa."
                )
            )

    def submission(self) -> Submission:
        """Return what was typed as the action takes it; call it on a valid form."""
        typed = self.cleaned_data
        return Submission(
            submission_key=typed["submission_key"],
            procedure_code=self.sheet.procedure_code,
            channel=typed["channel"],
            variant_code=typed["variant"],
            applicant=self._party("applicant"),
            owner=None if typed["owner_is_applicant"] else self._party("owner"),
            representative=self._representative(),
            papers={component.id: self._counted(component) for component in self.chosen.components},
            note=typed["note"],
            tracking_number=(typed["tracking_number"] or "").strip(),
            returns_by_post=typed["returns_by_post"],
            return_address=typed["return_address"] or "",
        )

    def _party(self, prefix: str) -> PartyEntry:
        return party_entry(self.cleaned_data, prefix)

    def _representative(self) -> PartyEntry | None:
        """Return who stands for the owner, when anything was typed about them."""
        entry = self._party("representative")
        return entry if any(getattr(entry, name).strip() for name in _PARTY_TEXTS) else None

    def has_seen(self, codes: Iterable[str]) -> bool:
        """Tell whether the form has shown all these cases already."""
        return set(codes) <= set((self.cleaned_data["seen_duplicates"] or "").split())

    def having_seen(self, codes: Iterable[str]) -> ReceptionForm:
        """Return the form as typed, which now says that these cases were shown."""
        return ReceptionForm(self.sheet, {**_flat(self.data), "seen_duplicates": " ".join(codes)})

    def _counted(self, component: ComponentSheet) -> tuple[int, int]:
        """Return how many came: the numbers typed; where none was, all of a paper ticked as full."""
        name, typed = f"component_{component.id}", self.cleaned_data
        is_full = typed[f"{name}_full"]
        given = (
            (typed[f"{name}_originals"], component.originals),
            (typed[f"{name}_copies"], component.copies),
        )
        originals, copies = (
            (expected if is_full else 0) if count is None else count for count, expected in given
        )
        return originals, copies

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Put what the action found wrong next to the fields it belongs to."""
        for problem in problems:
            name = self._field_of(problem)
            self.add_error(name if name in self.fields else None, problem.message)

    def _field_of(self, problem: Problem) -> str:
        for component in self.chosen.components:
            if problem.field == f"component_{component.id}":
                lacks_originals = self._counted(component)[0] < component.originals
                return f"{problem.field}_{'originals' if lacks_originals else 'copies'}"
        return problem.field


def _is_key(text: Any) -> bool:
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True


def _flat(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the last value of each name, as a form reads it."""
    return {name: data.get(name) for name in data}


def _papers_by_name(form: ReceptionForm, typed: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what was typed for each paper of the form, under this variant or another."""
    ids: dict[str, list[int]] = {}
    for variant in form.sheet.variants:
        for component in variant.components:
            ids.setdefault(component.name, []).append(component.id)
    for component in form.chosen.components:
        # Its own numbers win over those of a paper of the same name.
        same = sorted(ids[component.name], key=lambda one: one != component.id)
        for part in ("originals", "copies", "full"):
            given = (typed.get(f"component_{one}_{part}") for one in same)
            yield f"component_{component.id}_{part}", next(filter(None, given), "")


def _all_required(form: ReceptionForm) -> Iterator[tuple[str, Any]]:
    """Yield the required numbers, where less than that was typed, and the ticks."""
    for component in form.chosen.components:
        if not component.is_required:
            continue
        name = f"component_{component.id}"
        for part, expected in (("originals", component.originals), ("copies", component.copies)):
            typed = str(form.initial.get(f"{name}_{part}") or "").strip()
            has_enough = (
                typed.isascii() and typed.isdecimal() and len(typed) < 4 and int(typed) >= expected
            )
            yield f"{name}_{part}", typed if has_enough else str(expected)
        yield f"{name}_full", True
