"""Addresses of the reports."""

from django.urls import path
from django.views.generic import RedirectView

from motcua.reporting import audit_views, views

app_name = "reporting"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="reporting:one-stop-table"), name="index"),
    path("mot-cua/", views.one_stop_table, name="one-stop-table"),
    path("mot-cua/ho-so/", views.one_stop_cases, name="one-stop-cases"),
    path("mot-cua/giai-thich/", views.one_stop_explanation, name="one-stop-explanation"),
    path("mot-cua/tai-ve/", views.one_stop_workbook, name="one-stop-workbook"),
    path("tre-han/", views.lateness, name="lateness"),
    path("tre-han/ho-so/", views.lateness_cases, name="lateness-cases"),
    path("tre-han/tai-ve/", views.lateness_workbook, name="lateness-workbook"),
    path("soat-so-lieu/", audit_views.audit, name="audit"),
]
