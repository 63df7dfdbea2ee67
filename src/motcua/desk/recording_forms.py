"""What people choose when they record a test: facts of a case, choices, and a name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from motcua.engine.recorded_tests import Choice

MOST_CHOICES = 200
_ANY = ("", gettext_lazy("không nêu"))


class FactsForm(forms.Form):
    """The facts that conditions of a chart may ask; what is left empty is not known."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Cách thức nộp"),
        required=False,
        choices=[
            _ANY,
            ("COUNTER", gettext_lazy("Trực tiếp")),
            ("ONLINE", gettext_lazy("Trực tuyến")),
            ("POST", gettext_lazy("Bưu chính công ích")),
        ],
    )
    applicant = forms.ChoiceField(
        label=gettext_lazy("Người nộp"),
        required=False,
        choices=[
            _ANY,
            ("PERSON", gettext_lazy("Cá nhân")),
            ("ORGANISATION", gettext_lazy("Tổ chức")),
        ],
    )
    variant = forms.CharField(label=gettext_lazy("Mã trường hợp"), required=False, max_length=20)
    amount = forms.IntegerField(
        label=gettext_lazy("Phí, lệ phí (đồng)"), required=False, min_value=0
    )

    @property
    def facts(self) -> dict[str, Any]:
        """The facts that were given."""
        given = self.cleaned_data if self.is_valid() else {}
        return {name: value for name, value in given.items() if value not in ("", None)}

    @property
    def hidden(self) -> list[tuple[str, Any]]:
        """The facts as fields to send on."""
        return list(self.facts.items())


def read_choices(sent: list[str], answer_to_last: str = "") -> tuple[Choice, ...]:
    """Return the choices of an address, each "step|outcome|answer"."""
    if sent and answer_to_last.strip():
        sent = [*sent[:-1], sent[-1] + answer_to_last.strip()]
    found = []
    for one in sent[:MOST_CHOICES]:
        step, outcome, answer = (*one.split("|", 2), "", "")[:3]
        found.append(Choice(step=step, outcome=outcome, facts={"answer": answer} if answer else {}))
    return tuple(found)


def write_choice(choice: Choice) -> str:
    """Return a choice as an address holds it."""
    return "|".join([choice.step, choice.outcome, str(choice.facts.get("answer", ""))])


class HistoryForm(forms.Form):
    """A case whose history becomes a test."""

    code = forms.CharField(
        label=gettext_lazy("Mã hồ sơ"),
        max_length=60,
        error_messages={"required": gettext_lazy("Hãy ghi mã hồ sơ.")},
    )
    name = forms.CharField(
        label=gettext_lazy("Tên kịch bản"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Để trống thì lấy mã hồ sơ làm tên."),
    )
