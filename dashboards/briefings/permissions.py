"""Who may issue the weekly briefing, and put its parts in another order."""

from core.permissions import allowed
from dashboards.permissions import require_office

check_may_issue = require_office
check_may_reorder = require_office
may_issue = allowed(check_may_issue)
may_reorder = allowed(check_may_reorder)
