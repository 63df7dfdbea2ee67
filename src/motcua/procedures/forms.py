"""What people type on the pages of the catalogue: a search, a day, a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.look.inputs import DayField
from motcua.procedures.catalogue_files import MOST_BYTES


class SearchForm(forms.Form):
    """Words, a field and a day, all from the address."""

    q = forms.CharField(label=gettext_lazy("Tên hoặc mã thủ tục"), required=False, max_length=200)
    field = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
    on = DayField(label=gettext_lazy("Áp dụng vào ngày"), required=False)


class DayForm(forms.Form):
    """The day on which a procedure is looked at."""

    on = DayField(label=gettext_lazy("Áp dụng vào ngày"), required=False)


class ImportForm(forms.Form):
    """The catalogue file to import."""

    file = forms.FileField(
        label=gettext_lazy("Tệp danh mục"),
        help_text=gettext_lazy("YAML (.yaml) hoặc bảng tính (.xlsx), theo dạng của tệp tải về."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.xlsx"}),
        error_messages={
            "required": gettext_lazy("Chưa chọn tệp. Hãy chọn tệp YAML hoặc XLSX."),
            "empty": gettext_lazy("Tệp trống. Hãy chọn tệp khác."),
        },
    )

    def clean_file(self) -> Any:
        """Refuse a file that is too large before reading it."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                _("Tệp lớn hơn %d MB; hãy chia thành nhiều tệp.") % (MOST_BYTES // 1_000_000)
            )
        return file
