"""Addresses of the pages of posts, accounts and agencies."""

from django.urls import path

from motcua.people import account_views, views

app_name = "people"
urlpatterns = [
    path("", views.posts, name="posts"),
    path("giao-vi-tri/", views.give_post, name="give-post"),
    path("vi-tri/<int:post_id>/ket-thuc/", views.end_post, name="end-post"),
    path("tai-khoan/them/", views.add_account, name="add-account"),
    path("tai-khoan/<int:user_id>/", account_views.account, name="account"),
    path("tai-khoan/<int:user_id>/mat-khau/", account_views.reset_password, name="reset-password"),
    path("tai-khoan/<int:user_id>/khoa/", account_views.close_account, name="close-account"),
    path("tai-khoan/<int:user_id>/mo/", account_views.open_account, name="open-account"),
    path("co-quan/", views.agencies, name="agencies"),
    path("co-quan/them/", account_views.add_agency, name="add-agency"),
]
