from django.urls import path

from linli.cases.pages import desk, field, follow, home, moves, news, patrol, record, report, same

urlpatterns = [
    path("", home.home, name="home"),
    path("forget", home.forget, name="forget"),
    path("report", report.report, name="report"),
    path("report/what", report.what, name="report-what"),
    path("report/where", report.where, name="report-where"),
    path("report/nearby", report.nearby, name="report-nearby"),
    path("report/look", report.look, name="report-look"),
    path("report/photos/<uuid:photo_id>", report.photo, name="report-photo"),
    path("f/<str:token>", follow.follow, name="follow"),
    path("f/<str:token>/refuse", follow.refuse, name="follow-refuse"),
    path("f/<str:token>/news", news.leave, name="follow-news"),
    path("f/<str:token>/confirm/<str:signed>", news.confirm, name="follow-confirm"),
    path("f/<str:token>/photos/<uuid:photo_id>", follow.photo, name="follow-photo"),
    path("field/", field.errands, name="field"),
    path("field/<slug:number>", field.errand, name="errand"),
    path("desk/", desk.inbox, name="desk"),
    path("desk/peek/<slug:number>", desk.peek, name="case-peek"),
    path("desk/report", patrol.patrol, name="patrol"),
    path("desk/photos/<str:sealed>", record.kept_photo, name="kept-photo"),
    path("desk/cases/<slug:number>", record.case, name="case"),
    path("desk/cases/<slug:number>/photos/<uuid:photo_id>", record.photo, name="case-photo"),
    path("desk/cases/<slug:number>/moves/<slug:name>", moves.move, name="case-move"),
    path("desk/cases/<slug:number>/merge", same.merge, name="case-merge"),
    path("desk/cases/<slug:number>/unmerge", same.unmerge, name="case-unmerge"),
    path("desk/cases/<slug:number>/reports/<int:report_id>/split", same.split, name="case-split"),
    path("desk/same", same.questions, name="same"),
    path("desk/same/<int:likeness_id>", same.question, name="same-question"),
    path("desk/same/<int:likeness_id>/<slug:verdict>", same.decide, name="same-decide"),
]
