"""What people are told when an agency is dissolved and another goes on with its work."""

from __future__ import annotations

from datetime import date

from motcua.engine.explain import Because
from motcua.engine.wording import full_day


def reason_of(*, agency: str, heir: str, decision: str, decided_on: date) -> Because:
    """Return why the steps of a case went to another agency, and what stays as it was."""
    day = full_day(decided_on)
    return Because(
        vi=(
            f"{agency} giải thể theo {decision} ngày {day}, {heir} tiếp nhận việc. Mã hồ sơ và thời hạn giữ nguyên."
        ),
        en=(
            f"{agency} was dissolved by {decision} of {day}; {heir} goes on. The code and the due time stay."
        ),
    )


def told_unit(*, agency: str, heir: str, count: int) -> Because:
    """Return what those of a role at the successor are told of the steps that come to them."""
    steps = "step of" if count == 1 else "steps of"
    return Because(
        vi=f"{heir} nhận {count} bước đang mở của {agency} (đã giải thể). Hạn của từng hồ sơ giữ nguyên.",
        en=f"{heir} takes over {count} open {steps} {agency} (dissolved). The due times stay.",
    )


def told_holder(*, agency: str, heir: str, count: int) -> Because:
    """Return what somebody is told whose tasks went to the successor."""
    tasks = "task that you held has" if count == 1 else "tasks that you held have"
    return Because(
        vi=f"{count} việc anh/chị đang giữ ở {agency} đã chuyển cho {heir} vì cơ quan giải thể.",
        en=f"{count} {tasks} gone from {agency} to {heir}: the agency was dissolved.",
    )


def told_post_ends(*, agency: str, last_day: date, decision: str) -> Because:
    """Return what somebody is told whose post ends with the agency."""
    return Because(
        vi=f"Vị trí của anh/chị tại {agency} kết thúc sau ngày {full_day(last_day)} theo {decision}.",
        en=f"Your post at {agency} ends after {full_day(last_day)}, by {decision}.",
    )


def told_taken_back(*, agency: str) -> Because:
    """Return what people are told when the dissolution was taken back."""
    return Because(
        vi=f"Việc giải thể {agency} đã được hủy; việc và vị trí ở đó trở lại như trước.",
        en=f"The dissolution of {agency} was taken back; its work and posts are as before.",
    )
