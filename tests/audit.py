"""The locks against known vulnerabilities: ``make audit``.

pip-audit asks the package index about every locked release. An index that keeps no such list
answers for none of them: then nothing was audited, and that is said.
"""

import json
import subprocess
import sys

LOCKS = ("requirements.lock", "requirements-dev.lock")


def audited(lock: str) -> tuple[int, list[str]]:
    """How many releases of a lock are known, and what is known against them."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes"]
    command += ["--format", "json", "--progress-spinner", "off", "-r", lock]
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        releases = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        sys.stderr.write(f"{lock}: pip-audit could not ask: {done.stderr.strip()[-300:]}\n")
        return 0, []
    known = [each for each in releases if "skip_reason" not in each]
    faults = [
        f"{each['name']} {each['version']}: {fault['id']}, mended in {fault['fix_versions']}"
        for each in known
        for fault in each["vulns"]
    ]
    return len(known), faults


def main() -> int:
    """Audit every lock; 1 if anything is known against one of them."""
    found = []
    for lock in LOCKS:
        known, faults = audited(lock)
        found += faults
        if known:
            print(f"{lock}: {known} releases, {len(faults)} known vulnerabilities")
        else:
            print(f"{lock}: skipped, the package index here keeps no list of vulnerabilities")
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
