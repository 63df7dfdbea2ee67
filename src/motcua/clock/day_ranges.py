"""The range of days between two columns of a table, for constraints on what may overlap."""

from django.contrib.postgres.fields import DateRangeField
from django.db.models import Func


class DateRange(Func):
    """The half-open range of days between two columns."""

    function = "DATERANGE"
    output_field = DateRangeField()
