"""Addresses of the catalogue."""

from django.urls import path, re_path

from motcua.procedures import views

app_name = "procedures"
urlpatterns = [
    path("", views.list_page, name="list"),
    path("nhap/", views.import_page, name="import"),
    re_path(r"^danh-muc\.(?P<form>yaml|xlsx)$", views.export, name="export"),
    re_path(r"^(?P<code>[0-9A-Za-z][0-9A-Za-z._-]*)/$", views.procedure_page, name="procedure"),
]
