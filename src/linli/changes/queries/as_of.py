"""Reading the registry as it was known at an instant (历史时点查询)."""

from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.datastructures import BaseTable

from linli.changes.models import ChangeSet

AnyModel = TypeVar("AnyModel", bound=models.Model)


class _TableThen(BaseTable):
    """A table as it was known at an instant, in the place of the table itself."""

    def __init__(self, table_name: str, alias: str | None, instant: datetime) -> None:
        super().__init__(table_name, alias)
        self.instant = instant

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[object]]:
        quote = compiler.quote_name_unless_alias
        alias = quote(self.table_alias or self.table_name)
        return f"{connection.ops.quote_name(f'{self.table_name}_as_of')}(%s) {alias}", [self.instant]

    def relabeled_clone(self, change_map: dict[str | None, str]) -> "_TableThen":
        return _TableThen(self.table_name, change_map.get(self.table_alias, self.table_alias), self.instant)

    @property
    def identity(self) -> tuple[object, ...]:
        return (*super().identity, self.instant)


def as_of(rows: models.QuerySet[AnyModel], at: datetime) -> models.QuerySet[AnyModel]:
    """Return `rows` as they were known at the instant `at` (历史时点); nothing else of the query changes.

    Row security shows of each row what it would have shown then. Tables that are joined are
    read as they are now.

    Args: rows: of a versioned table, not yet cut by a slice.
    """
    then = rows.all()
    table = rows.model._meta.db_table
    alias = then.query.get_initial_alias()
    then.query.alias_map[alias] = _TableThen(table, alias, at)
    return then


def history_begins(model: type[models.Model]) -> datetime | None:
    """Return since when this table's history is known (历史起点), None if it is known from its first row on."""
    return ChangeSet.objects.filter(source="founding", touched__contains=[model._meta.db_table]).values_list(
        "at", flat=True).first()
