"""What is told to people about a file or a cell: what was found, what is expected, what to do. By code."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

MESSAGES: dict[str, "StrOrPromise"] = {
    # The file as a whole
    "empty_file": _("The file is empty. Save it in Excel and upload it again."),
    "file_gone": _("The file is no longer in the storage. Upload it again."),
    "file_too_big": _("The file is larger than %(limit_mb)s MB. Split it, for example by sub-activity."),
    "unpacks_too_big": _("The file unpacks to more than %(limit_mb)s MB. Copy the cells into a new workbook."),
    "zip_bomb": _("The file unpacks to %(unpacked_mb)s MB, far more than a list needs; it was not opened."),
    "macros": _("The workbook contains macros. Save it as .xlsx without macros and upload that."),
    "password": _("The file is protected by a password. Remove the password and upload it again."),
    "not_a_workbook": _("This is not a workbook. Upload XLSX, XLSB, XLS, ODS, CSV or JSON."),
    "not_a_list": _("This is not a list. Upload XLSX, XLSB, XLS, ODS, CSV or JSON."),
    "is_markup": _("This is a web page, not a list: save it in Excel as .xlsx and upload that."),
    "broken_file": _("The file is damaged. Open it in Excel, save it again, and upload that."),
    "broken_json": _("The JSON cannot be read. Export it again from SIPD."),
    "broken_json_line": _("Line %(line)s of the JSON Lines cannot be read. Correct it, or export the file again."),
    "broken_csv": _("The CSV cannot be read from line %(line)s on. Export it again, or save it as .xlsx."),
    "open_quote": _(
        'A quotation mark (") in line %(line)s of the CSV is not closed, so that the lines up to %(last)s would be read'
        " as one cell. Close it or take it out, or save the list as .xlsx."
    ),
    "json_name_twice": _(
        "The JSON says two things under the name “%(name)s” of one row: %(first)s and %(other)s. Export it again."
    ),
    "json_shape": _("The JSON is not a list of rows with names."),
    "json_row": _(
        "Element %(number)s of the JSON list is no row with names but %(found)s. Take it out, or export again."
    ),
    "json_other_lists": _(
        "The JSON holds other lists too, which were not read: %(names)s. Upload each as its own file."
    ),
    "too_many_sheets": _("The workbook has more than %(limit)s sheets. Upload the one that holds the list."),
    "too_many_rows": _("A sheet has more than %(limit)s rows. Split it into several files."),
    "too_many_columns": _("A sheet has more than %(limit)s columns. Delete the empty ones and upload it again."),
    "too_heavy": _(
        "Reading the file took too much memory or time; it is built unusually. Copy the cells into a new workbook."
    ),
    "no_rows": _("No rows stand under the headings."),
    # Notes: the file is read all the same
    "formulas": _("%(count)s cells are formulas (for example %(example)s); their stored results were read."),
    "hidden_rows": _("%(count)s hidden rows were read like the others."),
    "hidden_columns": _("%(count)s hidden columns were read like the others."),
    "struck_rows": _(
        "%(count)s rows that are struck through were left out (row %(row)s first). If they still hold, take the line"
        " through them away and upload the list again."
    ),
    "struck_cells": _("%(count)s cells that are struck through (%(cell)s first) were read like the others."),
    "errors_not_read": _("%(count)s cells of columns that are not needed show an error such as #N/A."),
    "percent_cells": _("%(count)s cells are formatted as percent and were read as they are shown, 71,9 for 71,9 %%."),
    "json_part": _("The file holds %(count)s of %(total)s rows: one page of the answer. Fetch the other pages too."),
    "delimiter_unsure": _(
        "The columns seem to be separated by %(sign)s, but not in every row. Check the preview; if it is wrong, choose"
        " the separator when you upload the file again."
    ),
    "lines_in_quotes": _(
        "Lines that stand whole in quotation marks were taken apart at their separators. Check the preview; better save"
        " the list as .xlsx."
    ),
    "totals_left_out": _("%(count)s rows of totals (JUMLAH, TOTAL) were left out."),
    "headings_left_out": _(
        "%(count)s rows that are headings, or sums of the rows below them, were left out: they lack a required column"
        " and all details."
    ),
    "headings_again": _("%(count)s rows that repeat the headings, as on each page of a printed form, were left out."),
    "below_table": _(
        "%(count)s rows that hold a signature or a note and no figures were left out (row %(row)s first: “%(text)s”)."
    ),
    "rows_above": _(
        "%(count)s rows with figures stand above the headings (row %(row)s first) and were not read. Move them below"
        " the headings if they belong to the list."
    ),
    "second_table": _(
        "Sheet “%(sheet)s” holds more than one table: in row %(row)s another one begins (%(names)s). Put each table on"
        " a sheet or in a file of its own, and upload it again."
    ),
    "tables_beside": _(
        "Sheet “%(sheet)s” holds two tables side by side in row %(row)s. Put each table on a sheet or in a file of its"
        " own, and upload it again."
    ),
    "cleaned": _("Invisible characters were taken out of %(count)s cells."),
    "hidden_sheets": _("Hidden sheets were left out: %(names)s."),
    "merged_cells": _("%(count)s merged areas (%(first)s): only the first cell of each has a value. Unmerge them."),
    "encoding": _(
        "The text is not UTF-8 and was read as Windows-1252. Check letters such as é; better save it as .xlsx."
    ),
    "heading_twice": _("These headings stand twice, the first was used: %(names)s."),
    "columns_contradict": _(
        "The heading “%(heading)s” stands over several columns (%(columns)s), which say different things in row"
        " %(row)s: %(first)s and %(other)s. Delete the columns that are not meant, and upload the list again."
    ),
    "groups_read": _("Of columns with the same heading those under “%(names)s” were read."),
    "amounts_scaled": _(
        "Sheet “%(sheet)s”: “%(text)s” says that the amounts are in thousands or millions. Write them in whole rupiah,"
        " delete that line, and upload the list again."
    ),
    "unused_columns": _("%(count)s columns are not needed and were left out: %(names)s."),
    "no_kind_fits": _("No kind of list has these headings; say which it is, or assign the columns in the browser."),
    "nearest_kind": _("It comes closest to “%(kind)s”; these columns lack: %(names)s."),
    "missing_columns": _("These columns are missing: %(names)s."),
    # Level 0: the form of a cell
    "required": _("must be filled in"),
    "cannot_be_emptied": _("can't be emptied: a row without it says nothing"),
    "too_long": _("has %(length)s characters, at most %(limit)s fit; shorten it"),
    "code_is_date": _(
        "Excel has made a date (%(read)s) of the code; format the column as text and enter the code again"
    ),
    "code_is_number": _("Excel has made a number (%(read)s) of the code; format the column as text and enter it again"),
    "code_is_rounded": _(
        "Excel has rounded the number (%(read)s): it keeps 15 digits; format the column as text and enter it again"
    ),
    "no_result": _(
        "holds the formula %(formula)s without a result; open the file in Excel, save it, and upload it again"
    ),
    "error_cell": _("shows the error %(error)s of a formula; correct the formula, or write the value itself"),
    "beyond_headings": _(
        "stands in a column without a heading: a figure was cut at its commas, or the row is shifted; separate the"
        " columns by semicolons, write figures without commas, or delete the cell"
    ),
    "rest_of_a_figure": _(
        "seems to be the rest of a figure that was cut at its commas; separate the columns by semicolons, or write"
        " figures without commas"
    ),
    "amount_is_percent": _("is a percentage, but an amount or a count belongs here"),
    "not_a_year": _("is not a year; write for example 2026"),
    "several_years": _("names several years; write the one that the row is of"),
    "month_may_be_first": _(
        "can be read in two ways, and %(other)s in the same list has the month in front; write dates as 2026-03-25"
    ),
    "date_may_be_turned": _(
        "may have day and month exchanged: %(other)s in the same list was not taken for a date by the spreadsheet;"
        " write dates as 2026-03-25"
    ),
    "not_a_number": _("is not a figure; write for example 1234567 or 1.234.567,89"),
    "number_is_date": _("Excel has made a date (%(read)s) of a figure; format the column as number and enter it again"),
    "ambiguous": _("can be %(thousand)s or %(decimal)s; format the column as number, or write it without a point"),
    "too_large": _("is too large to be right"),
    "not_whole": _("must be a whole number"),
    "not_a_percentage": _("must lie between 0 and 100"),
    "month_is_date": _("Excel has made a date (%(read)s) of the month; write 1 to 12 or the month's name as text"),
    "month_of_other_year": _("(%(read)s) is of another year than %(year)s; choose the right year, or correct it"),
    "share_or_percentage": _("can be %(said)s %% or %(share)s %%; write it with the sign %%"),
    "date_far_ahead": _("(%(read)s) lies far ahead of %(year)s; check the year"),
    "not_a_month": _("is not a month; write 1 to 12 or the month's name"),
    "not_a_date": _("is not a date; write 2026-03-01, 01/03/2026 or 1 Maret 2026"),
    "date_out_of_range": _("(%(read)s) cannot be right as a date"),
    "changed_meanwhile": _(
        "was changed in the portal since the workbook was made: it is %(now)s there and %(said)s here; fetch the"
        " workbook again, or change it in the portal"
    ),
    # Why a list is not taken over without a reason
    "older_stage": _("The list is of an earlier stage of the budget than the one that stands in the portal."),
    "many_vanish": _("%(count)s of %(of)s rows would vanish."),
    "much_vanishes": _("The sum would fall from %(before)s to %(after)s."),
    "much_grows": _("The budget would rise from %(before)s to %(after)s. Check that no row only sums up others."),
    "shares_or_percentages": _(
        "No figure of the column “%(heading)s” is more than 1: 0,7 was read as 0,7 %%. If 70 %% is meant, write the"
        " figures with the sign %%."
    ),
    "shares_beside_percentages": _(
        "In %(count)s rows (row %(row)s first) some figures are formatted as percent and the others are no more than 1:"
        " 0,2 was read as 0,2. If 20 is meant, write 20."
    ),
    "of_one_span": _(
        "The columns %(names)s are of a single month or quarter by their upper heading; the portal keeps what has come"
        " together since January."
    ),
    "leaps": _("%(count)s rows have a value that falls to zero, or moves by a factor of %(factor)s or more."),
    "database_refuses": _("can't be taken over: %(rule)s Correct it, or take the row out."),
    "service_refuses": _("can't be taken over: %(reason)s"),
    "said_twice": _("“%(name)s” stands in row %(row)s too and says something else there; keep one of them"),
    "said_again": _("says the same as row %(row)s and counts once"),
    "said_again_beside": _(
        "says the same as row %(row)s in every column that is needed and counts once; it differs only in columns that"
        " are not read (%(names)s)"
    ),
    "twins_beside": _(
        "%(count)s rows differ from another row only in columns that are not read (%(names)s); each pair counts once."
    ),
    "changed_meanwhile_elsewhere": _(
        "the row was changed in the portal since the workbook was made (%(columns)s), and %(said)s would be written"
        " beside it; fetch the workbook again, or change it in the portal"
    ),
    "not_yes_or_no": _("must be Ya or Tidak (1 or 0)"),
}


def message(code: str, params: dict[str, Any] | None = None) -> str:
    """The words for a code; the datasets of other apps add theirs to MESSAGES."""
    text = str(MESSAGES.get(code, code))
    return text % (params or {}) if "%(" in text else text
