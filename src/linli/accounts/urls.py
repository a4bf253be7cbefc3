from django.urls import path

from linli.accounts.pages import account, door, trail

urlpatterns = [
    path("sign-in", door.sign_in, name="sign-in"),
    path("sign-out", door.sign_out, name="sign-out"),
    path("account/", account.account, name="account"),
    path("account/sessions", account.end_sessions, name="account-sessions"),
    path("account/password", account.change_password, name="account-password"),
    path("desk/audit", trail.trail, name="audit-trail"),
]
