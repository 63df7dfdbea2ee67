"""Addresses of the notices."""

from django.urls import path

from motcua.messages import views

app_name = "messages"
urlpatterns = [
    path("", views.notices, name="list"),
    path("<int:notice_id>/", views.read, name="read"),
    path("doc-tat-ca/", views.read_all, name="read-all"),
    path("chua-doc/<int:moment>/", views.unread, name="unread"),
]
