"""The address for other systems."""

from django.urls import path

from motcua.cases import views

app_name = "cases"
urlpatterns = [
    path("tin/", views.system_message, name="system-message"),
]
