"""What is looked for, one function a kind: ``(ground) -> [Finding, …]``, in a bounded number of statements for all units together."""

from flags.findings.closing import bursts, on_spot
from flags.findings.comparing import far, few, no_measure
from flags.findings.days import backdated
from flags.findings.ground import Finding, Ground
from flags.findings.missing import missed
from flags.findings.pictures import reused, unchanged
from flags.findings.wording import descriptions

DETECTORS = (bursts, descriptions, reused, unchanged, on_spot, far, no_measure, few, backdated, missed)

__all__ = ["DETECTORS", "Finding", "Ground"]
