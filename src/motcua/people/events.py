"""What this area announces. Sent in the transaction of the change."""

from django.dispatch import Signal

# Of a stand-in: absent_id, stand_in_id, their names and days, by whom (officer_id), key.
stand_in_named = Signal()
stand_in_taken_back = Signal()
