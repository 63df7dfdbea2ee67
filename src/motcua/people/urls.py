"""Addresses of the pages of posts, accounts and agencies."""

from django.urls import path

from motcua.people import views

app_name = "people"
urlpatterns = [
    path("", views.posts, name="posts"),
    path("giao-vi-tri/", views.give_post, name="give-post"),
    path("vi-tri/<int:post_id>/ket-thuc/", views.end_post, name="end-post"),
    path("tai-khoan/them/", views.add_account, name="add-account"),
    path("co-quan/", views.agencies, name="agencies"),
]
