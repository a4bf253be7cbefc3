from django.urls import path

from linli.notices.pages import inbox, stop, undelivered, ways

urlpatterns = [
    path("desk/notices", inbox.inbox, name="notices"),
    path("desk/notices/bell", inbox.bell, name="notice-bell"),
    path("desk/notices/live", inbox.live, name="notice-live"),
    path("desk/notices/read", inbox.read_all, name="notices-read"),
    path("desk/notices/settings", ways.ways, name="notice-settings"),
    path("desk/notices/undelivered", undelivered.undelivered, name="undelivered"),
    path("desk/notices/undelivered/<uuid:delivery_id>/again", undelivered.again, name="send-again"),
    path("desk/notices/<int:notice_id>/open", inbox.open_notice, name="notice-open"),
    path("notices/stop/<str:token>", stop.stop, name="notices-stop"),
]
