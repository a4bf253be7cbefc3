"""What others ask of accounts (账号查询): who acts, whom one reaches, which accounts there are, the rules."""

from linli.accounts.queries.factor import has_factor, must_have_factor
from linli.accounts.queries.overseen import Account, HeldPost, accounts_overseen, described, number_of, post_held
from linli.accounts.queries.rules import rules
from linli.accounts.queries.who import (
    DemoAccount,
    OpenSession,
    Reach,
    actor_for,
    demo_accounts,
    holders,
    mark_of,
    names_of_posts,
    post_name,
    reach_of_units,
    sessions_of,
)

__all__ = [
    "Account",
    "DemoAccount",
    "HeldPost",
    "OpenSession",
    "Reach",
    "accounts_overseen",
    "actor_for",
    "demo_accounts",
    "described",
    "has_factor",
    "holders",
    "mark_of",
    "must_have_factor",
    "names_of_posts",
    "number_of",
    "post_held",
    "post_name",
    "reach_of_units",
    "rules",
    "sessions_of",
]
