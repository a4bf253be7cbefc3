"""Kits (传感套件): what each kind of device sends, and by which marks it is judged."""

from collections.abc import Iterator

from linli.kernel import presets
from linli.sensing.domain import kit, rule_text, threshold
from linli_run.reference import markdown


def rows() -> Iterator[kit.KitRow]:
    """Yield every shipped metric of every kit, in the order of the files (套件指标)."""
    for path in sorted((presets.folder() / "kits").glob("*.json")):
        yield from kit.read_file(presets.read(f"kits/{path.stem}"))[1]


def write() -> str:
    """Return the page of kits."""
    lines = (
        (markdown.code(row.kit), markdown.code(row.metric), row.name_en, row.name_zh, row.unit, _marks(row), _case(row))
        for row in rows()
    )
    return markdown.page(
        "Kits",
        "A device is adopted as one of these. Marks are proposals to be set for each place; where they come from stands"
        " in `presets/kits`. A level is entered at one value and left at another, each after its hold.",
        markdown.table(("kit", "metric", "name", "中文", "unit", "marks", "case"), lines),
    )


def _marks(row: kit.KitRow) -> str:
    if row.rule is None:
        return "none"
    rule = rule_text.parse(row.rule.definition)
    onward, back = ("up", "below") if rule.direction is threshold.Direction.ABOVE else ("down", "above")
    return "; ".join(
        f"{mark.level.word} from {mark.enter:g} {onward}{_held(mark.enter_hold_s)}, left {back} {mark.leave:g}"
        f"{_held(mark.leave_hold_s)}"
        for mark in rule.marks
    )


def _held(seconds: float) -> str:
    return f" for {seconds:g} s" if seconds else ""


def _case(row: kit.KitRow) -> str:
    return f"{markdown.code(row.rule.category)} from {row.rule.case_from_level}" if row.rule else ""
