"""Every field that holds a citizen's name, number, telephone or address is in docs/reference/personal-data.md."""

from __future__ import annotations

import re
from pathlib import Path

from django.apps import apps
from django.db import models

TABLE = Path(__file__).parents[2] / "docs" / "reference" / "personal-data.md"
PERSONAL = re.compile(
    "full_name|search_name|owner_name|applicant_name|party_|carrier_name|phone|email|address|identity|_to$"
)
# Accounts and agencies: the administration itself, and no citizen.
OF_ADMINISTRATION = {"people"}


def test_every_field_with_personal_data_has_a_line_and_every_line_a_field() -> None:
    kept = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("motcua.") and model._meta.app_label not in OF_ADMINISTRATION
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField) and PERSONAL.search(field.name)
    }
    after = TABLE.read_text(encoding="utf-8").split("## Where personal data is kept")[1]

    assert kept == set(re.findall(r"^\| `([\w.]+)` ", after, re.MULTILINE))
