"""Zip archives without the time at which they were made: the same content, the same bytes."""

import re
import zipfile
from datetime import datetime
from io import BytesIO

CREATED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</)")
NO_TIME = (1980, 1, 1, 0, 0, 0)  # the first that an archive can tell


def steady(content: bytes, written: datetime) -> bytes:
    """An office file, and the workbooks within it, as if it had been written at a stated time."""
    told = written.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    target = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as read,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as write,
    ):
        for name in read.namelist():
            part = read.read(name)
            if name.endswith(".xlsx"):
                part = steady(part, written)
            elif name == "docProps/core.xml":
                part = CREATED.sub(rb"\g<1>" + told + rb"\g<2>", part)
            write.writestr(zipfile.ZipInfo(name, NO_TIME), part, zipfile.ZIP_DEFLATED)
    return target.getvalue()


__all__ = ["steady"]
