from django.urls import path

from linli.accounts.pages import account, door, factor, keeping, new_password, trail

urlpatterns = [
    path("sign-in", door.sign_in, name="sign-in"),
    path("sign-in/new-password", new_password.new_password, name="new-password"),
    path("sign-in/second-factor", factor.second_factor, name="second-factor"),
    path("sign-out", door.sign_out, name="sign-out"),
    path("account/", account.account, name="account"),
    path("account/sessions", account.end_sessions, name="account-sessions"),
    path("account/password", account.change_password, name="account-password"),
    path("account/factor", factor.begin, name="factor-begin"),
    path("account/factor/confirm", factor.confirm, name="factor-confirm"),
    path("account/factor/end", account.drop_factor, name="factor-end"),
    path("desk/accounts", keeping.accounts, name="accounts"),
    path("desk/accounts/new", keeping.create, name="account-new"),
    path("desk/accounts/<int:account_id>", keeping.account, name="account-of"),
    path("desk/accounts/<int:account_id>/grant", keeping.grant, name="account-grant"),
    path("desk/accounts/<int:account_id>/posts/<int:post_id>/withdraw", keeping.withdraw, name="account-withdraw"),
    path("desk/accounts/<int:account_id>/reset", keeping.reset, name="account-reset"),
    path("desk/accounts/<int:account_id>/reset-factor", keeping.reset_factor, name="account-reset-factor"),
    path("desk/accounts/<int:account_id>/unlock", keeping.unlock, name="account-unlock"),
    path("desk/accounts/<int:account_id>/close", keeping.close, name="account-close"),
    path("desk/accounts/<int:account_id>/reopen", keeping.reopen, name="account-reopen"),
    path("desk/audit", trail.trail, name="audit-trail"),
]
