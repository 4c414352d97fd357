"""What the site needs beside the documents: the files of the repository that they link to.

A document links to code as it lies in the repository, `../sim/agents/model.py`, so that the link
works wherever Markdown is read. In the site each such file, or listing of a folder, is a page.
"""

import os
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"\]\(((?:\.\./)+[^)#]+)((?:#[^)]*)?)\)")
LANGUAGES = {".py": "python", ".yaml": "yaml", ".toml": "toml", ".sh": "sh"}


def on_files(files: Files, config: Any) -> Files:
    """Add a page for everything outside `docs/` that a document links to."""
    targets = set()
    for file in files.documentation_pages():
        text = Path(file.abs_src_path).read_text(encoding="utf-8")
        targets |= {_target(file.src_uri, link[1]) for link in LINK.finditer(text)}
    for target in sorted(target for target in targets if target):
        content = _page(target)
        files.append(File.generated(config, _place(target), content=content))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Let links to such files lead to their pages."""

    def turned(link: re.Match[str]) -> str:
        target = _target(page.file.src_uri, link[1])
        if not target:
            return link[0]
        here = os.path.dirname(page.file.src_uri)
        return f"]({os.path.relpath(_place(target), here or '.')})"

    return LINK.sub(turned, markdown)


def _target(document: str, link: str) -> str:
    """What a document's link leads to, from the root; empty if that is a document too."""
    path = (ROOT / "docs" / document).parent / link
    inside = os.path.relpath(path, ROOT)
    return "" if inside.startswith(("docs", "..")) or not path.exists() else inside


def _place(target: str) -> str:
    """The page of a file or folder."""
    return f"code/{target.rstrip('/')}.md"


def _page(target: str) -> str:
    path = ROOT / target
    if path.is_dir():
        names = sorted(p.name for p in path.iterdir() if not p.name.startswith(("_", ".")))
        body = "\n".join(f"- `{name}`" for name in names)
    elif path.suffix == ".md":
        return path.read_text(encoding="utf-8").replace("](docs/", "](../")
    else:
        body = f"````{LANGUAGES.get(path.suffix, 'text')}\n{path.read_text('utf-8')}\n````"
    return f"---\ntitle: {path.name}\nsearch:\n  exclude: true\n---\n\n# {target}\n\n{body}\n"
