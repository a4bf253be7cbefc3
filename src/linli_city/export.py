"""A city as files (导出): JSON lines, one kind to a file, the same bytes for the same city."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from linli_city.values import City


def write(city: City, folder: Path) -> list[Path]:
    """Write the city into `folder` and return the files, in order of name."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, rows in sorted(_tables(city)):
        path = folder / f"{name}.jsonl"
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
        files.append(path)
    return files


def _tables(city: City) -> Iterator[tuple[str, Iterable[Any]]]:
    yield "city", [{"people": city.people, "seed": city.seed}]
    yield "areas", map(asdict, city.areas)
    yield "base_map", map(asdict, city.base_map)
    yield "houses", map(asdict, city.houses)
    yield "units", map(asdict, city.units)
    yield "duties", ({"area": area, "unit": unit} for area, unit in city.duties)
    yield "components", map(asdict, city.components)
    yield "things", map(asdict, city.things)
