"""Addresses of the portal."""

from django.urls import path

from motcua.portal import views

app_name = "portal"
urlpatterns = [
    path("neu-nop/", views.what_if, name="what-if"),
]
