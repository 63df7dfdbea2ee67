"""What people type about workflows: what to look for, and with what a new one begins."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.desk.forms import Line
from motcua.look.inputs import DayField
from motcua.workflow import starting_charts

LONGEST_NAME = 200


class WorkflowSearchForm(forms.Form):
    """Words, a field of procedures and an owner."""

    q = Line(label=gettext_lazy("Tên quy trình, cơ quan"), required=False, max_length=200)
    field = forms.ChoiceField(label=gettext_lazy("Lĩnh vực"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Cơ quan chủ trì"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer((), ())

    def offer(self, fields: Any, units: Any) -> None:
        """Let one choose among these fields and units."""
        for name, choices, everything in (
            ("field", fields, _("Mọi lĩnh vực")),
            ("unit", units, _("Mọi cơ quan")),
        ):
            box = self.fields[name]
            if isinstance(box, forms.ChoiceField):
                box.choices = [("", everything), *choices]


class DayForm(forms.Form):
    """The day on which steps are compared."""

    on = DayField(label=gettext_lazy("Vào ngày"), required=False)


class NewWorkflowForm(forms.Form):
    """A new workflow: its name, whose it is, and the chart that it begins with or a file."""

    name = forms.CharField(
        label=gettext_lazy("Tên quy trình"),
        max_length=LONGEST_NAME,
        error_messages={"required": gettext_lazy("Hãy đặt tên cho quy trình.")},
    )
    owner = forms.ChoiceField(
        label=gettext_lazy("Cơ quan chủ trì"),
        error_messages={"required": gettext_lazy("Hãy chọn cơ quan chủ trì quy trình.")},
    )
    template = forms.ChoiceField(
        label=gettext_lazy("Bắt đầu từ mẫu"),
        choices=lambda: list(starting_charts.NAMES.items()),
        required=False,
    )
    file = forms.FileField(
        label=gettext_lazy("hoặc từ tệp BPMN 2.0"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".bpmn,.xml"}),
    )

    def __init__(self, *args: Any, owners: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        box = self.fields["owner"]
        if isinstance(box, forms.ChoiceField):
            box.choices = owners
