from linli.audit.models import Entry


def entries_of(target: str) -> list[Entry]:
    """Return the trail of one thing (审计轨迹), oldest first."""
    return list(Entry.objects.filter(target=target).order_by("id"))
