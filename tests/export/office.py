"""LibreOffice without a window, as somebody who opens an export has it."""

import re
import subprocess
import zipfile
from pathlib import Path

from tests.system import program

ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""  # reckon everything out anew when a file is opened


def converted(path: Path, kind: str, home: Path) -> Path:
    """The file as LibreOffice writes it again after opening it; skips, in CI fails, without it."""
    office = program("soffice", "libreoffice-calc-nogui")
    profile = home / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS)
    there = f"-env:UserInstallation={profile.as_uri()}"
    words = [office, there, "--headless", "--convert-to", kind, "--outdir", home, path]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    written = home / f"{path.stem}.{kind}"
    assert written.exists(), done.stdout + done.stderr
    return written


def without_results(path: Path, target: Path) -> None:
    """The same workbook with nothing in it that its formulas gave when it was written."""
    with zipfile.ZipFile(path) as read, zipfile.ZipFile(target, "w") as write:
        for name in read.namelist():
            content = read.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
            write.writestr(name, content)


__all__ = ["converted", "without_results"]
