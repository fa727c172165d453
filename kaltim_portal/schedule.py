"""What beat runs at first. `migrate` writes it to the database once; from then on the database's schedule holds,
which a
data steward changes in the browser.

It stands on the top floor because it names tasks of every floor.
"""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.schedule import ScheduledTask

SCHEDULE = [
    ScheduledTask(
        "pull-due-series",
        "datasources.pulls.tasks.pull_due",
        settings.PULL_DUE_SECONDS,
        _("Pull the series whose time has come"),
    ),
    ScheduledTask(
        "sweep-queued-pulls",
        "datasources.pulls.tasks.sweep_queued",
        settings.PULL_SWEEP_SECONDS,
        _("Hand over pulls that wait or were lost with a worker"),
        is_vital=True,
    ),
    ScheduledTask(
        "sweep-uploads",
        "uploads.tasks.sweep_uploads",
        settings.PULL_SWEEP_SECONDS,
        _("Hand over uploaded lists that wait"),
        is_vital=True,
    ),
    ScheduledTask(
        "tell-stale-series",
        "datasources.pulls.tasks.tell_stale",
        "30 6",
        _("Tell the data stewards about series that have become too old"),
    ),
    ScheduledTask(
        "end-what-died", "core.tasks.end_what_died", 600, _("End work that died with its worker"), is_vital=True
    ),
    ScheduledTask("tidy-uploads", "uploads.tasks.tidy_uploads", "15 3", _("Put aside lists that nobody took over")),
    ScheduledTask(
        "send-reminders", "programs.reports.tasks.send_reminders", "0 7", _("Remind people of reports that are due")
    ),
    ScheduledTask(
        "tell-unattended",
        "dashboards.home.tasks.tell_unattended",
        "15 7",
        _("Tell who is next in line where an OPD has no active head and papers wait"),
    ),
    ScheduledTask(
        "refresh-search-words",
        "dashboards.finding.tasks.refresh_vocabulary",
        900,
        _("Take in new words, so that the search puts mistyped ones right"),
    ),
    ScheduledTask(
        "keep-lights",
        "dashboards.lights.tasks.keep_lights",
        "45 4",
        _("Keep how each OPD stands this week: red, yellow or green"),
    ),
    ScheduledTask(
        "send-digests",
        "accounts.tasks.send_digests",
        "30 7",
        _("Write to people who want one letter a day with their unread notices"),
    ),
    ScheduledTask(
        "revalidate-values",
        "programs.validation.tasks.revalidate_all",
        "30 2",
        _("Validate every reported figure again"),
    ),
    ScheduledTask("recompute-spm-index", "spm.tasks.recompute_index", "0 2", _("Work out the SPM index again")),
    ScheduledTask(
        "warn-of-spm-targets", "spm.tasks.warn_ahead", "45 6", _("Warn of SPM services that will miss their target")
    ),
    ScheduledTask(
        "seal-audit-chain",
        "core.tasks.seal",
        settings.SEAL_SECONDS,
        _("Seal declarations, decisions, reports, roles, contracts and the audit trail"),
        is_vital=True,
    ),
    ScheduledTask(
        "send-chain-head",
        "evidence.tasks.send_head",
        settings.CHAIN_HEAD_SECONDS,
        _("Get the newest seal of the hash chain out of the house (once a day; what failed is tried again)"),
        is_vital=True,
    ),
    ScheduledTask(
        "verify-chain",
        "evidence.tasks.verify",
        "30 3",
        _("Verify the hash chain and tell auditors of what was changed past the portal"),
        is_vital=True,
    ),
    ScheduledTask(
        "give-up-on-lost-signatures",
        "evidence.tasks.give_up_on_lost_signatures",
        300,
        _("Look for papers whose signing was interrupted, and tell the signer"),
    ),
    ScheduledTask(
        "raise-red-flags", "procurement.red_flags.tasks.raise_flags", "30 1", _("Run the red flags over all packages")
    ),
    ScheduledTask(
        "find-leads",
        "procurement.leads.tasks.find_leads",
        "0 1",
        _("Look for connections between officials, declared parties and suppliers"),
    ),
    ScheduledTask(
        "remind-to-declare",
        "procurement.declarations.tasks.remind",
        "15 7",
        _("Remind people of declarations and decisions that are due"),
    ),
    ScheduledTask(
        "refresh-summaries",
        "dashboards.summaries.tasks.refresh_summaries",
        settings.SUMMARY_SECONDS,
        _("Bring the dashboards' summaries up to date"),
        is_vital=True,
    ),
    ScheduledTask(
        "refresh-all-summaries",
        "dashboards.summaries.tasks.refresh_all_summaries",
        "10 0",
        _("Work out the dashboards' summaries again"),
    ),
    ScheduledTask(
        "raise-early-warnings",
        "dashboards.early_warnings.tasks.raise_warnings",
        "30 6",
        _("Raise early warnings and send the digest"),
    ),
    ScheduledTask(
        "back-test-forecasts",
        "dashboards.early_warnings.tasks.back_test_forecasts",
        "20 2",
        _("Hold the forecasts against years whose end is known"),
    ),
    ScheduledTask(
        "issue-weekly-briefing",
        "dashboards.briefings.tasks.issue_briefing",
        "0 5",
        _("Issue the weekly briefing (on its weekday)"),
    ),
    ScheduledTask(
        "remind-of-directives",
        "dashboards.directives.tasks.remind_of_directives",
        "20 7",
        _("Remind OPD of the governor's directives"),
    ),
    ScheduledTask(
        "forget-personal-data", "procurement.privacy.tasks.forget", "45 3", _("Erase personal data whose time is over")
    ),
    ScheduledTask(
        "forget-form-answers",
        "core.tasks.forget_form_answers",
        "25 3",
        _("Forget the answers to forms that were sent more than a day ago"),
    ),
    ScheduledTask(
        "forget-drafts",
        "accounts.tasks.forget_drafts",
        "35 3",
        _("Forget drafts of forms that nobody touched for 30 days"),
    ),
    ScheduledTask(
        "look-for-files",
        "core.tasks.look_for_files",
        "40 3",
        _("Look whether every kept file is still in the storage"),
    ),
]
