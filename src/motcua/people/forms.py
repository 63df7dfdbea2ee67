"""What people type on the pages of posts: searches, an account, a post, a last day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.people import queries

MOST_MATCHES = 20
_LATEST_DAY = date(2999, 12, 31)
_DAY_FORMATS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d%m%Y")


def _day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=_DAY_FORMATS,
        validators=[
            MaxValueValidator(
                _LATEST_DAY,
                gettext_lazy("Ngày này quá xa. Hãy kiểm tra lại năm, ví dụ 14/03/2023."),
            )
        ],
        widget=forms.DateInput(
            format=_DAY_FORMATS[0],
            attrs={"placeholder": "dd/mm/yyyy", "inputmode": "numeric", "autocomplete": "off"},
        ),
        error_messages={
            "required": gettext_lazy("Hãy ghi ngày này, ví dụ 14/03/2023."),
            "invalid": gettext_lazy(
                "Ngày này không có thật hoặc không đúng dạng. Hãy ghi ngày/tháng/năm, ví dụ 14/03/2023."
            ),
        },
    )


class PostSearchForm(forms.Form):
    """Words, an agency and a role, all from the address."""

    q = forms.CharField(
        label=gettext_lazy("Tên người hoặc cơ quan"), required=False, max_length=200
    )
    agency = forms.CharField(
        label=gettext_lazy("Cơ quan"), required=False, max_length=35, widget=forms.Select
    )
    role = forms.CharField(
        label=gettext_lazy("Vai trò"), required=False, max_length=12, widget=forms.Select
    )
    state = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, agencies: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        _set_choices(self, "agency", [("", _("Mọi cơ quan")), *agencies])
        _set_choices(self, "role", [("", _("Mọi vai trò")), *queries.list_roles()])


class AgencySearchForm(forms.Form):
    """Words and a level, both from the address."""

    q = forms.CharField(label=gettext_lazy("Tên hoặc mã cơ quan"), required=False, max_length=200)
    level = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)


def _password_field(label: Any, *, help_text: Any, required: Any) -> forms.CharField:
    """Return the box of a password that is given to somebody: shown as typed, since it must be told."""
    return forms.CharField(
        label=label,
        max_length=128,
        strip=False,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "new-password", "autocapitalize": "none"}),
        error_messages={"required": required},
    )


class _WithPassword(forms.Form):
    """What is asked with a password that is given to somebody."""

    def clean_password(self) -> str:
        """Refuse a password that the site's rules refuse."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class AddAccountForm(_WithPassword):
    """A new account: its name, whose it is, and the password to begin with."""

    username = forms.CharField(
        label=gettext_lazy("Tên đăng nhập"),
        max_length=150,
        validators=[
            UnicodeUsernameValidator(
                message=gettext_lazy(
                    "Tên đăng nhập chỉ gồm chữ, số và các dấu . - _ @ +, không có khoảng trắng."
                )
            )
        ],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"required": gettext_lazy("Hãy nhập tên đăng nhập.")},
    )
    full_name = forms.CharField(
        label=gettext_lazy("Họ và tên"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Hãy nhập họ và tên.")},
    )
    password = _password_field(
        gettext_lazy("Mật khẩu ban đầu"),
        help_text=gettext_lazy(
            "Hiện rõ để anh/chị báo lại cho người dùng; người dùng nên đổi ngay sau lần đăng nhập đầu tiên."
        ),
        required=gettext_lazy("Hãy nhập mật khẩu ban đầu."),
    )


class ReasonForm(forms.Form):
    """Why an account is closed or opened."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Hãy ghi lý do.")},
    )


class NewPasswordForm(_WithPassword, ReasonForm):
    """Another password for an account whose old one is lost, and why."""

    password = _password_field(
        gettext_lazy("Mật khẩu mới"),
        help_text=gettext_lazy(
            "Hiện rõ để anh/chị báo lại cho người dùng; người dùng nên đổi ngay sau khi đăng nhập."
        ),
        required=gettext_lazy("Hãy nhập mật khẩu mới."),
    )
    field_order = ("password", "reason")


class AddAgencyForm(forms.Form):
    """A new agency: its codes, names, place in the organisation, and first day."""

    parent = forms.ChoiceField(
        label=gettext_lazy("Cơ quan cấp trên"),
        error_messages={
            "required": gettext_lazy("Hãy chọn cơ quan cấp trên."),
            "invalid_choice": gettext_lazy("Không có cơ quan này. Hãy chọn lại."),
        },
    )
    name = forms.CharField(
        label=gettext_lazy("Tên cơ quan"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Hãy ghi tên cơ quan.")},
    )
    short_name = forms.CharField(label=gettext_lazy("Tên viết tắt"), max_length=100, required=False)
    name_en = forms.CharField(label=gettext_lazy("Tên tiếng Anh"), max_length=200, required=False)
    code = forms.CharField(
        label=gettext_lazy("Mã định danh"),
        max_length=35,
        help_text=gettext_lazy("Theo QĐ 20/2020/QĐ-TTg, ví dụ H19.17."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": gettext_lazy("Hãy ghi mã định danh.")},
    )
    old_code = forms.CharField(
        label=gettext_lazy("Mã cũ"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Theo QCVN 102:2016, ví dụ 000.00.17.H19, nếu có."),
    )
    level = forms.ChoiceField(
        label=gettext_lazy("Cấp"), choices=queries.list_levels, widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Loại"), choices=queries.list_kinds, widget=forms.RadioSelect
    )
    first_day = _day_field(gettext_lazy("Ngày bắt đầu hoạt động"))

    def __init__(self, data: Any, *, parents: Sequence[tuple[str, str]], first_day: date) -> None:
        super().__init__(data, initial={"first_day": first_day})
        self.fields["parent"].choices = [("", _("Chọn một cơ quan")), *parents]  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        """Write the code in capitals, as all are."""
        code: str = self.cleaned_data["code"]
        return code.strip().upper()


class GivePostForm(forms.Form):
    """Who gets which role where, from which day to which day (both inclusive).

    The person and the agency are typed as words; unless they name one exactly, the matches are
    offered to choose from, so that nobody gets a right through a slip of the pen.
    """

    person = forms.CharField(
        label=gettext_lazy("Người được giao"),
        max_length=200,
        help_text=gettext_lazy("Tên đăng nhập, hoặc một phần họ tên, không cần dấu."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Hãy nhập người được giao vị trí.")},
    )
    person_match = forms.CharField(
        label=gettext_lazy("Chọn người"), required=False, widget=forms.RadioSelect
    )
    agency = forms.CharField(
        label=gettext_lazy("Cơ quan"),
        max_length=200,
        help_text=gettext_lazy("Mã cơ quan (mới hoặc cũ), hoặc một phần tên, không cần dấu."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Hãy nhập cơ quan.")},
    )
    agency_match = forms.CharField(
        label=gettext_lazy("Chọn cơ quan"), required=False, widget=forms.RadioSelect
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Vai trò"),
        choices=queries.list_roles,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Hãy chọn vai trò."),
            "invalid_choice": gettext_lazy("Vai trò này không có. Hãy chọn lại."),
        },
    )
    first_day = _day_field(gettext_lazy("Ngày đầu"))
    last_day = _day_field(
        gettext_lazy("Ngày cuối"),
        required=False,
        help_text=gettext_lazy("Hết ngày này vị trí mới hết hiệu lực. Để trống nếu chưa định."),
    )

    def clean(self) -> dict[str, Any]:
        """Find the one person and the one agency meant, or offer those that match."""
        cleaned: dict[str, Any] = super().clean() or {}
        if typed := cleaned.get("person"):
            accounts = {
                user.username: (user.pk, f"{user.full_name} ({user.username})")
                for user in queries.find_accounts(typed)[: MOST_MATCHES + 1]
            }
            exact = queries.find_account(typed)
            cleaned["person_id"] = self._pick("person", accounts, exact.pk if exact else None)
        if typed := cleaned.get("agency"):
            agencies = {
                agency.code: (agency.pk, f"{agency.name} ({agency.code})")
                for agency in queries.find_agencies(typed)[: MOST_MATCHES + 1]
            }
            same = queries.find_agency(typed)
            cleaned["agency_id"] = self._pick("agency", agencies, same.pk if same else None)
        return cleaned

    def _pick(
        self, name: str, matches: dict[str, tuple[int, str]], exact_id: int | None
    ) -> int | None:
        """Return the id of what is meant; otherwise offer the matches and say so at the field."""
        if exact_id is not None:
            return exact_id
        typed = self.cleaned_data[name]
        if not matches:
            self.add_error(
                name, _("Không tìm thấy “%(typed)s”. Hãy thử ít từ hơn.") % {"typed": typed}
            )
            return None
        if len(matches) > MOST_MATCHES:
            self.add_error(
                name,
                _("Có hơn %(most)s kết quả khớp “%(typed)s”. Hãy gõ thêm để thu hẹp.")
                % {"most": MOST_MATCHES, "typed": typed},
            )
            return None
        self.fields[f"{name}_match"].required = True
        _set_choices(self, f"{name}_match", [(key, label) for key, (_id, label) in matches.items()])
        chosen = self.cleaned_data.get(f"{name}_match", "")
        if chosen in matches:
            return matches[chosen][0]
        self.add_error(
            f"{name}_match",
            _("Có %(count)s kết quả khớp “%(typed)s”. Hãy chọn đúng một kết quả.")
            % {"count": len(matches), "typed": typed},
        )
        return None

    @property
    def ends_on(self) -> date | None:
        """The first day on which the post is no longer held."""
        last_day: date | None = self.cleaned_data.get("last_day")
        return last_day + timedelta(days=1) if last_day else None


class EndPostForm(forms.Form):
    """The last day of a post."""

    last_day = _day_field(
        gettext_lazy("Ngày cuối"), help_text=gettext_lazy("Hết ngày này vị trí mới hết hiệu lực.")
    )

    @property
    def ends_on(self) -> date:
        """The first day on which the post is no longer held."""
        last_day: date = self.cleaned_data["last_day"]
        return last_day + timedelta(days=1)


def _set_choices(form: forms.Form, name: str, choices: Sequence[tuple[str, Any]]) -> None:
    widget = form.fields[name].widget
    if isinstance(widget, forms.Select | forms.RadioSelect):
        widget.choices = choices
