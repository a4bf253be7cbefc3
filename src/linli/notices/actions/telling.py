import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from linli.accounts import queries as accounts
from linli.audit import actions as audit
from linli.kernel import clock
from linli.kernel.actor import Actor, Post
from linli.kernel.errors import Invalid
from linli.kernel.role import Role
from linli.notices.domain import live, templates
from linli.notices.domain.addresses import Kind
from linli.notices.domain.channels import Channel, State
from linli.notices.domain.quiet import NIGHT, Quiet, release_at
from linli.notices.domain.recipients import Fact, Message, Recipient, ToPost, ToReporter, ToUser
from linli.notices.models import Contact, Delivery, Unreached, Way
from linli.notices.queries import setup
from linli.notices.queries.texts import all_templates

NAMESPACE: Final = uuid.UUID("6c1d1f0a-52c5-5d0b-9a0e-6e6f74696365")
SYSTEM: Final = Actor.system("notices")
Reach = dict[str, list[tuple[Channel, Quiet]]]


def tell(template: str, *, to: Recipient | Iterable[Recipient], facts: Mapping[str, Fact], once: str,
         urgent: bool = False, link: str = "") -> int:
    """Tell somebody something (通知), in the caller's transaction; return how many had not been told of it.

    See `Message` for the arguments.
    """
    recipients = (to,) if isinstance(to, Recipient) else tuple(to)
    return tell_all([Message(template=template, to=recipients, facts=facts, once=once, urgent=urgent, link=link)])


@transaction.atomic
def tell_all(messages: Sequence[Message]) -> int:
    """Tell all of these (批量通知): the same few queries for one message or for ten thousand.

    Each recipient finds it in the inbox when the transaction is committed; what their channels and quiet hours ask
    for waits there as deliveries. Who was told of the same `once` before is passed over.

    Raises: Invalid if there is no such template or a fact of it is missing.
    """
    for message in messages:
        _require_facts(message)
    with audit.acting(SYSTEM):
        rows = _rows(messages)
        if not rows:
            return 0
        fresh = _keep(rows)
        _queue(fresh, {(once, who): message for (once, who), message in rows.items()})
        _say_aloud({who for _pk, _once, who in fresh if who.startswith("user:")})
    return len(fresh)


def _require_facts(message: Message) -> None:
    template = all_templates().get(message.template)
    if template is None:
        raise Invalid("notices.no_such_template", "There is no notice {template}.", template=message.template)
    if lacking := templates.missing(template, message.facts):
        raise Invalid("notices.fact_missing", "The notice {template} was not told {fact}.",
                      template=message.template, fact=lacking[0])


def _rows(messages: Sequence[Message]) -> dict[tuple[str, str], Message]:
    """Return every notice there is to keep, by `once` and recipient: the first message of a pair counts."""
    everybody = [recipient for message in messages for recipient in message.to]
    posts = [one for one in everybody if isinstance(one, ToPost)]
    roles = {one.role for post in posts for one in (post, *post.instead)}
    held = accounts.holders(roles) if roles else []
    subjects = {one.subject for one in everybody if isinstance(one, ToReporter)}
    rows_of = Contact.objects.filter(subject__in=subjects).values_list("subject", "pk", "confirmed_at")
    contacts = {(subject, at is None): pk for subject, pk, at in rows_of} if subjects else {}
    rows: dict[tuple[str, str], Message] = {}
    for message in messages:
        for recipient in message.to:
            refs = _refs(recipient, held, contacts)
            said = message
            if not refs and isinstance(recipient, ToPost) and message.unreached:
                said, refs = _instead(message, recipient, held)
            for who in refs:
                if who != message.but:
                    rows.setdefault((said.once, who), said)
    return rows


def _instead(message: Message, nobody: ToPost, held: Collection[tuple[str, Post]]) -> tuple[Message, list[str]]:
    """Return what is told instead of a post that nobody holds, and to whom; keep that it was so (代收)."""
    stand_in = next((post for post in nobody.instead if _refs(post, held, {})), None)
    Unreached.objects.bulk_create([Unreached(
        once=message.once, role=nobody.role, area=nobody.area, unit_id=nobody.unit,
        told=stand_in.role if stand_in else "", at=clock.now())], ignore_conflicts=True)
    said = replace(message, template=message.unreached, once=f"{message.once}:{nobody.role}",
                   facts={**message.facts, "post": nobody.name})
    return said, _refs(stand_in, held, {}) if stand_in else []


def _refs(recipient: Recipient, held: Collection[tuple[str, Post]],
          contacts: Mapping[tuple[str, bool], int]) -> list[str]:
    if isinstance(recipient, ToUser):
        return [recipient.ref]
    if isinstance(recipient, ToReporter):
        known = contacts.get((recipient.subject, recipient.to_confirm))
        return [f"contact:{known}"] if known else []
    return [ref for ref, post in held if _is_meant(recipient, post)]


def _is_meant(wanted: ToPost, post: Post) -> bool:
    if post.role != wanted.role:
        return False
    return post.unit == wanted.unit if post.role == Role.UNIT else wanted.area.startswith(post.area)


def _keep(rows: Mapping[tuple[str, str], Message]) -> list[tuple[int, str, str]]:
    """Write the notices and return those that are new: id, `once`, recipient."""
    columns = list(zip(*((once, who, message.template, json.dumps(_kept(message), ensure_ascii=False), message.urgent,
                          message.link if who.startswith("user:") else "")
                         for (once, who), message in rows.items()), strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notices_notice (once, recipient, template, facts, urgent, link, made_at)"
            " SELECT once, who, template, facts::jsonb, urgent, link, %s FROM unnest(%s::text[], %s::text[],"
            " %s::text[], %s::text[], %s::boolean[], %s::text[]) AS told (once, who, template, facts, urgent, link)"
            " ON CONFLICT (once, recipient) DO NOTHING RETURNING id, once, recipient",
            [clock.now(), *map(list, columns)],
        )
        return list(cursor.fetchall())


def _kept(message: Message) -> dict[str, Fact]:
    """Return the facts that the template uses: no others are kept."""
    names = all_templates()[message.template].variables
    return {name: fact if isinstance(fact, str) else dict(fact) for name, fact in message.facts.items()
            if name in names}


def _queue(fresh: Iterable[tuple[int, str, str]], messages: Mapping[tuple[str, str], Message]) -> None:
    """Let the new notices wait for the channels on which their recipients want them."""
    new = list(fresh)
    reach, now, zone = _reach({who for _pk, _once, who in new}), clock.now(), ZoneInfo(settings.TIME_ZONE)
    Delivery.objects.bulk_create([
        _delivery(pk, once, who, channel, quiet, messages[once, who].urgent, now, zone)
        for pk, once, who in new for channel, quiet in reach.get(who, ())
    ], batch_size=2000)


def _delivery(notice: int, once: str, who: str, channel: Channel, quiet: Quiet, urgent: bool, now: datetime,
              zone: ZoneInfo) -> Delivery:
    held_until = None if urgent else release_at(now, quiet, zone)
    return Delivery(id=uuid.uuid5(NAMESPACE, f"{once}\n{who}\n{channel.value}"), notice_id=notice,
                    channel=channel.value, urgent=urgent, due_at=held_until or now,
                    state=(State.HELD if held_until else State.QUEUED).value)


def _reach(who: Collection[str]) -> Reach:
    """Return the channels, with their quiet hours, of each recipient: those of people, and those of reporters."""
    found: Reach = {}
    users = [int(ref.removeprefix("user:")) for ref in who if ref.startswith("user:")]
    for way in Way.objects.filter(user_id__in=users, is_on=True) if users else ():
        if setup.is_set_up(Channel(way.channel)):
            found.setdefault(f"user:{way.user_id}", []).append((Channel(way.channel), way.quiet))
    contacts = [int(ref.removeprefix("contact:")) for ref in who if ref.startswith("contact:")]
    for pk, kind in Contact.objects.filter(pk__in=contacts).values_list("pk", "kind") if contacts else ():
        found[f"contact:{pk}"] = [(Kind(kind).channel, NIGHT)]
    return found


def _say_aloud(people: Collection[str]) -> None:
    if people:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, said) FROM unnest(%s::text[]) said",
                           [live.CHANNEL, [live.payload(ref) for ref in sorted(people)]])
