"""Who decides on reports, in the order of the ladder (accounts.separation)."""

from accounts.separation import Act
from core.choices import Role

# The head of the OPD approves, Bappeda verifies; never who typed, sent or decided a step before.
DECIDE_REPORT = Act("programs_report_concerned", (Role.AGENCY_HEAD, Role.GOVERNORS_OFFICE, Role.AUDITOR))
VERIFY_REPORT = Act("programs_verification_concerned", (Role.VERIFIER, Role.GOVERNORS_OFFICE, Role.AUDITOR))
