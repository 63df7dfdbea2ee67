"""Words about what the post carries, said in both languages wherever they are read."""

from __future__ import annotations

from motcua.engine.explain import Because


def called_back(*, case_code: str, tracking_number: str, slip: str) -> Because:
    """Return what the clerks of a counter are told of a result that was revoked on its way."""
    return Because(
        vi=f"Kết quả hồ sơ {case_code} đã bị thu hồi khi đang ở bưu chính: hãy báo bưu chính chuyển hoàn "
        f"bưu gửi {tracking_number} (phiếu {slip}).",
        en=f"The result of case {case_code} was revoked while the post carries it: tell the post to bring "
        f"item {tracking_number} back (slip {slip}).",
    )
