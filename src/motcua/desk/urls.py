"""Addresses of the desk."""

from django.urls import path

from motcua.desk.views import (
    case,
    clock,
    counter,
    decisions,
    law,
    returns,
    risk,
    work,
    workflows,
)

app_name = "desk"
urlpatterns = [
    path("", work.home, name="home"),
    path("viec-cua-toi/", work.my_work, name="my-work"),
    path("chon-vi-tri/", work.choose_post, name="choose-post"),
    path("tiep-nhan/", counter.find_procedure, name="counter"),
    path("tiep-nhan/<str:procedure_code>/", counter.receive, name="receive"),
    path("tra-ket-qua/", returns.returns, name="returns"),
    path("tim/", case.search, name="search"),
    path("luat/", law.law, name="law"),
    path("luat/lich/", law.year, name="law-year"),
    path("luat/nghi-le/", decisions.calendar_decisions, name="calendar-decisions"),
    path("luat/tam-ngung/", decisions.suspensions, name="suspensions"),
    path(
        "luat/tam-ngung/<int:suspension_id>/ket-thuc/",
        decisions.lift_suspension,
        name="lift-suspension",
    ),
    path("luat/tinh-lai/<int:mass_id>/", decisions.mass_recount, name="mass-recount"),
    path("luat/van-ban/", law.documents, name="law-documents"),
    path("quy-trinh/so-sanh-so-buoc/", workflows.step_comparison, name="step-comparison"),
    path("nguy-co-tre/", risk.late_risk, name="late-risk"),
    path("nguy-co-tre/doi-chieu/", risk.risk_calibration, name="risk-calibration"),
    path("ho-so/<str:code>/nguy-co-tre/", risk.explain_risk, name="explain-risk"),
    path("ho-so/", case.cases, name="cases"),
    path("ho-so/<str:code>/", case.case, name="case"),
    path("ho-so/<str:code>/han-tra/", clock.due_time, name="due-time"),
    path("ho-so/<str:code>/thoi-han/<slug:slug>/", clock.act, name="clock-act"),
    path("lay-y-kien/", clock.consultations, name="consultations"),
    path("lay-y-kien/<int:consultation_id>/", clock.consultation, name="consultation"),
    path("ho-so/<str:code>/luu-do.bpmn", case.flow_chart, name="flow-chart"),
    path("ho-so/<str:code>/buoc/<int:task_id>/", case.complete_step, name="complete-step"),
    path("ho-so/<str:code>/nhan-viec/<int:task_id>/", case.take_task, name="take-task"),
    path("ho-so/<str:code>/tai-lieu/", case.add_document, name="add-document"),
    path("ho-so/<str:code>/tai-lieu/<int:document_id>/", case.read_document, name="document"),
    path("ho-so/<str:code>/giay-tiep-nhan.pdf", counter.receipt, name="receipt"),
    path("ho-so/<str:code>/tra/", returns.hand_over, name="hand-over"),
    path("ho-so/<str:code>/giay-tra-ket-qua.pdf", returns.hand_over_slip, name="hand-over-slip"),
]
