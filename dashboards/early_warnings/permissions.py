"""Who may silence a warning, and let it speak again."""

from core.permissions import allowed
from dashboards.permissions import require_office

check_may_silence = require_office
may_silence = allowed(check_may_silence)
