"""Every address of the site, one line per area."""

from django.urls import include, path

from motcua.project.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("tai-khoan/", include("allauth.account.urls")),
    path("quan-tri/", include("motcua.people.urls")),
    path("thu-tuc/", include("motcua.procedures.urls")),
    path("bao-cao/", include("motcua.reporting.urls")),
    path("thong-bao/", include("motcua.messages.urls")),
    path("ket-noi/", include("motcua.cases.urls")),
    path("cong/", include("motcua.portal.urls")),
    path("", include("motcua.desk.urls")),
]
