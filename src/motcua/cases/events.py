"""What this area announces. Sent after the change is committed to the transaction, before its end."""

from django.dispatch import Signal

case_received = Signal()
case_finished = Signal()
case_returned = Signal()
# A chart wants someone told: case_id, audience (APPLICANT, UNIT), about, at. Sent in the transaction.
notice_due = Signal()
clock_moved = Signal()
case_ended = Signal()
consulted = Signal()
