"""`linli accounts`: make accounts, give and take posts, reset, unlock, close and open again (账号管理)."""

import argparse
from typing import Any

from linli_run.trouble import Trouble


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, with which account."""
    from linli.kernel.role import Role

    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
    listed = deeds.add_parser("list", help="list the accounts with their posts")
    listed.add_argument("--find", default="", metavar="TEXT", help="only those whose name or post holds it")
    for word, told in (("create", "make an account; prints its one-time password"),
                       ("grant", "give an account one more post"), ("withdraw", "end a post of an account"),
                       ("reset", "end its password and sessions; prints a one-time password"),
                       ("unlock", "forget its failed sign-ins"), ("close", "end the account and all its sessions"),
                       ("reopen", "open a closed account again; prints a one-time password")):
        deed = deeds.add_parser(word, help=told)
        deed.add_argument("name", metavar="NAME", help="its sign-in name")
        if word == "create":
            deed.add_argument("--person", default="", metavar="WORDS", help="whose account it is; shown masked")
        if word in {"create", "grant", "withdraw"}:
            deed.add_argument("--role", type=Role, choices=list(Role), required=True, help="what its holder does")
            where = deed.add_mutually_exclusive_group()
            for kind in ("district", "street", "community", "grid"):
                where.add_argument(f"--{kind}", dest="area", default="", metavar="CODE", help=f"over this {kind}")
            where.add_argument("--unit", type=int, metavar="ID", help="for this unit")
        if word in {"create", "grant"}:
            deed.add_argument("--post", default="", metavar="WORDS", help="what screens call it; else the role")


def run(args: argparse.Namespace) -> int:
    """Do it, or say why not."""
    import django

    django.setup()
    from linli.kernel.errors import DomainError

    deeds = {"list": _list, "create": _create, "grant": _grant, "withdraw": _withdraw}
    try:
        deeds.get(args.deed, _plain)(args)
    except DomainError as refusal:
        raise Trouble(refusal.message.format(**refusal.params), "Nothing was changed.") from None
    return 0


def _operator() -> Any:
    from linli.kernel.actor import Actor

    return Actor.system("operator")


def _list(args: argparse.Namespace) -> None:
    from linli.accounts import policy, queries

    found = queries.accounts_overseen(policy.visible_accounts(_operator()), args.find)
    for one in queries.described(found):
        state = "closed" if not one.is_open else "locked" if one.is_locked else ""
        used = f"{one.last_used_at:%F %H:%M}" if one.last_used_at else "never"
        posts = ", ".join(" ".join(filter(None, (post.role, post.area or post.place))) for post in one.posts)
        print(f"{one.username:<20}  last sign-in {used:<16}  {posts or 'no post'}  {state}".rstrip())


def _create(args: argparse.Namespace) -> None:
    from linli.accounts import actions as accounts

    _hand(accounts.create_account(args.name, args.person, [_post(args)], actor=_operator()))


def _grant(args: argparse.Namespace) -> None:
    from linli.accounts import actions as accounts

    accounts.grant_post(_number(args.name), _post(args), actor=_operator())
    print(f"{args.name} holds the post.")


def _withdraw(args: argparse.Namespace) -> None:
    from linli.accounts import actions as accounts
    from linli.accounts import queries

    number = _number(args.name)
    post = queries.post_held(number, args.role, args.area, args.unit)
    accounts.withdraw_post(number, post or 0, actor=_operator())
    print(f"{args.name} holds the post no more.")


def _plain(args: argparse.Namespace) -> None:
    from linli.accounts import actions as accounts

    deed: Any = {"reset": accounts.reset_account, "unlock": accounts.unlock_account,
                 "close": accounts.close_account, "reopen": accounts.reopen_account}[args.deed]
    handed = deed(_number(args.name), actor=_operator())
    if handed is None:
        print({"unlock": f"{args.name} may try again.", "close": f"{args.name} is closed."}[args.deed])
    else:
        _hand(handed)


def _post(args: argparse.Namespace) -> Any:
    from linli.accounts.actions import NewPost
    from linli.web.templatetags.words import role_word

    return NewPost(role=args.role, name=args.post or str(role_word(args.role)), area=args.area, unit=args.unit)


def _number(name: str) -> int:
    from linli.accounts import queries

    return queries.number_of(name) or 0


def _hand(handed: Any) -> None:
    print(f"{handed.username}: {handed.password}")
    print(f"This one-time password is shown once and taken until {handed.until:%F %H:%M %Z}. Whoever signs in with it"
          " chooses another.")
