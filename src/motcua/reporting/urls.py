"""Addresses of the reports."""

from django.urls import path

from motcua.reporting import (
    audit_views,
    entered_views,
    form_views,
    narrative_views,
    overload_views,
    views,
)

app_name = "reporting"
urlpatterns = [
    path("", form_views.index, name="index"),
    path("bieu/<slug:key>/", form_views.form, name="form"),
    path("bieu/<slug:key>/tu-dau/", form_views.form_explanation, name="form-explanation"),
    path("bieu/<slug:key>/ho-so/", form_views.form_cases, name="form-cases"),
    path("bieu/<slug:key>/thu-tuc/", form_views.form_procedures, name="form-procedures"),
    path("bieu/<slug:key>/tai-ve/", form_views.form_as_workbook, name="form-workbook"),
    path("thuyet-minh/", narrative_views.narrative, name="narrative"),
    path("thuyet-minh/tai-ve/", narrative_views.narrative_as_document, name="narrative-document"),
    path("so-lieu-nhap/", entered_views.entered, name="entered"),
    path("so-lieu-nhap/<slug:indicator>/", entered_views.enter, name="enter"),
    path("mot-cua/", views.one_stop_table, name="one-stop-table"),
    path("mot-cua/ho-so/", views.one_stop_cases, name="one-stop-cases"),
    path("mot-cua/giai-thich/", views.one_stop_explanation, name="one-stop-explanation"),
    path("mot-cua/tai-ve/", views.one_stop_workbook, name="one-stop-workbook"),
    path("tre-han/", views.lateness, name="lateness"),
    path("tre-han/ho-so/", views.lateness_cases, name="lateness-cases"),
    path("tre-han/tai-ve/", views.lateness_workbook, name="lateness-workbook"),
    path("qua-tai/", overload_views.overload, name="overload"),
    path("qua-tai/viec/", overload_views.overload_tasks, name="overload-tasks"),
    path("nguyen-nhan/", views.causes, name="causes"),
    path("nguyen-nhan/tai-ve/", views.causes_workbook, name="causes-workbook"),
    path("tai-cho/", views.on_the_spot, name="on-the-spot"),
    path("tai-cho/ho-so/", views.on_the_spot_cases, name="on-the-spot-cases"),
    path("tai-cho/tai-ve/", views.on_the_spot_workbook, name="on-the-spot-workbook"),
    path("soat-so-lieu/", audit_views.audit, name="audit"),
]
