"""Triggers on the raw tables that note in `dashboards_stalesubject` which summaries no longer hold. Used by the migration.

They stand here and not on the models of the lower floors, which know nothing of dashboards. One note per statement and
programme, appended: a writer never waits for another.
"""

OF_PROGRAM = {  # table → how a changed row leads to its programme
    "programs_program": "SELECT c.id FROM {changed} c",
    "programs_program_regions": "SELECT c.program_id FROM {changed} c",
    "programs_indicator": "SELECT c.program_id FROM {changed} c",
    "programs_indicatortarget": "SELECT i.program_id FROM {changed} c JOIN programs_indicator i ON i.id = c.indicator_id",
    "programs_report": "SELECT c.program_id FROM {changed} c",
    "programs_reportvalue": "SELECT r.program_id FROM {changed} c JOIN programs_report r ON r.id = c.report_id",
    "programs_progress": "SELECT r.program_id FROM {changed} c JOIN programs_report r ON r.id = c.report_id",
    "programs_recipients": "SELECT r.program_id FROM {changed} c JOIN programs_report r ON r.id = c.report_id",
    "programs_budgetline": "SELECT a.program_id FROM {changed} c JOIN programs_subactivity s ON s.id = c.sub_activity_id"
    " JOIN programs_activity a ON a.id = s.activity_id",
}
OF_PACKAGES = {  # table → how a changed row leads to an OPD and a year
    "procurement_package": "SELECT c.agency_id, c.fiscal_year FROM {changed} c",
    "procurement_flag": "SELECT p.agency_id, p.fiscal_year FROM {changed} c JOIN procurement_package p ON p.id = c.package_id",
}
OF_PAGE = (  # what the pages ask directly, because there are few: any change makes kept pages old
    "dashboards_directive",
    "public_services_publicservice",
    "public_services_procedurestep",
    "spm_indexvalue",
)
EVENTS = {"insert": ["NEW"], "delete": ["OLD"], "update": ["NEW", "OLD"]}
NAME = "dashboards_note"


def statements() -> list[str]:
    """CREATE FUNCTION and CREATE TRIGGER for every table and event (transition tables allow one event a trigger)."""
    made = []
    for tables, subject, columns in (
        (OF_PROGRAM, "program", "'program', key, NULL"),
        (OF_PACKAGES, "packages", "'packages', key, year"),
    ):
        names = "key" if subject == "program" else "key, year"
        for table, select in tables.items():
            for event, sides in EVENTS.items():
                function = f"{NAME}_{table}_{event}"
                changed = " UNION ".join(select.format(changed=f"{side.lower()}_rows") for side in sides)
                made.append(
                    f"""CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        INSERT INTO dashboards_stalesubject (subject, key, fiscal_year)
                        SELECT {columns} FROM (SELECT DISTINCT * FROM ({changed}) AS u ({names})) AS s WHERE key IS NOT NULL;
                        RETURN NULL;
                    END $$"""  # noqa: S608 (constants of this module)
                )
                referencing = " ".join(f"{side} TABLE AS {side.lower()}_rows" for side in sides)
                made.append(
                    f"CREATE TRIGGER {NAME}_{event} AFTER {event.upper()} ON {table} REFERENCING {referencing}"
                    f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
                )
    made.append(
        f"""CREATE OR REPLACE FUNCTION {NAME}_page() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO dashboards_stalesubject (subject, key) VALUES ('page', 0);
            RETURN NULL;
        END $$"""  # noqa: S608 (constants of this module)
    )
    return made + [of_page(table) for table in OF_PAGE]


def of_page(table: str) -> str:
    """CREATE TRIGGER for one more table of whose change only kept pages need to know."""
    return f"CREATE TRIGGER {NAME} AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {NAME}_page()"


def undoing() -> list[str]:
    functions = [f"{NAME}_{table}_{event}" for table in [*OF_PROGRAM, *OF_PACKAGES] for event in EVENTS]
    return [f"DROP FUNCTION IF EXISTS {name}() CASCADE" for name in [*functions, f"{NAME}_page"]]
