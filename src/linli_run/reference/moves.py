"""The moves of a case (案件流转), from the one table they are all read from."""

from linli.cases.domain import workflow
from linli_run.reference import markdown, source


def write() -> str:
    """Return the page of moves: states, table and diagram."""
    path = source.SRC / "linli/cases/domain/workflow.py"
    states, terms = source.terms_of(path), source.moves_terms(path)
    moves = (
        (markdown.code(move.name), terms.get(move.name, ""), _states(move.sources), markdown.code(move.target.value),
         markdown.code(move.role.value), ", ".join(map(markdown.code, sorted(move.needs))) or "nothing",
         "yes" if move.judges else "")
        for move in workflow.MOVES.values()
    )  # fmt: skip
    return markdown.page(
        "Moves of a case",
        "Guard, buttons, policy and tests are read from the same table. Whoever handled a case may take no move that"
        " judges it. A state without a way out is final.",
        markdown.table(("move", "中文", "from", "to", "post", "needs", "judges"), moves),
        "## States",
        markdown.table(("state", "中文"), ((markdown.code(s.value), states.get(s.value, "")) for s in workflow.State)),
        "## Diagram",
        _diagram(),
    )


def _states(states: frozenset[workflow.State]) -> str:
    return ", ".join(markdown.code(state.value) for state in workflow.State if state in states)


def _diagram() -> str:
    first = next(iter(workflow.State))
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {first.value}"]
    for move in workflow.MOVES.values():
        lines += [f"    {s.value} --> {move.target.value}: {move.name}" for s in workflow.State if s in move.sources]
    lines += [f"    {state.value} --> [*]" for state in workflow.State if state in workflow.FINAL]
    return "\n".join([*lines, "```"])
