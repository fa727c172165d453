"""The same rule in the database: a trigger that refuses a decision by somebody whom the matter concerns, and one that
keeps the columns which say whom it concerns."""

from collections.abc import Collection
from functools import reduce
from operator import or_

import pgtrigger


def refuses_concerned(
    operation: "pgtrigger.core.Operation",
    *,
    person: str,
    agency: str,
    concerned: str,
    condition: "pgtrigger.Condition | None" = None,
    ladder: Collection[str] | str = (),
    lender: str = "NULL::bigint",
    also_when: Collection[str] = (),
) -> pgtrigger.Trigger:
    """`person`, `agency` and `lender` are expressions over NEW, `concerned` a call that gives (user_id, relation).

    After the row is written, so that the call sees it; a refusal takes the whole statement back. With a `ladder` the
    person holds one of its roles at that moment, an own one, or one that is lent by the `lender` whom the row names;
    it is the roles, or an expression that gives them. An update is asked when it changes the person or the lender, or
    one of the columns `also_when`.
    """
    holds = ""
    if ladder:
        roles = ladder if isinstance(ladder, str) else roles_in_sql(ladder)
        asked = ""
        if operation is not pgtrigger.Insert:  # who decided long ago may have left since: the row may be written on
            columns = (person, lender, *(f"NEW.{name}" for name in also_when))
            changed = " OR ".join(f"{name} IS DISTINCT FROM {name.replace('NEW.', 'OLD.')}" for name in columns)
            asked = f"(TG_OP = 'INSERT' OR {changed}) AND "
        holds = f"""
            IF {asked}NOT accounts_holds({person}, ({agency}), {roles}, {lender}) THEN
                RAISE EXCEPTION 'separation of duties: user % holds no role that decides on this', {person}
                      USING ERRCODE = 'check_violation';
            END IF;"""
    return pgtrigger.Trigger(
        name="unconcerned",
        when=pgtrigger.After,
        operation=operation,
        condition=condition,
        func=f"""
            IF accounts_is_concerned({person}, ({agency}), ARRAY(SELECT c.user_id FROM {concerned} c)) THEN
                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', {person}
                      USING ERRCODE = 'check_violation';
            END IF;{holds}
            RETURN NULL;
        """,  # noqa: S608 (constants of the models)
    )


def roles_in_sql(roles: Collection[str]) -> str:
    return "ARRAY[" + ", ".join(f"'{role}'" for role in roles) + "]"


def stays(*columns: str) -> pgtrigger.Trigger:
    """Columns that say whose a row is, or whom it concerns: written once. Who may change them may untie a person."""
    return pgtrigger.Protect(name="stays", operation=pgtrigger.UpdateOf(*columns), condition=any_changed(*columns))


def keeps_agency() -> pgtrigger.Trigger:
    """A row's OPD changes by a change of that OPD alone (`accounts.agencies`), in whose record the row is named."""
    return pgtrigger.Trigger(
        name="keeps_agency",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("agency_id"),
        condition=any_changed("agency_id"),
        func="""
            IF NOT EXISTS (
                SELECT FROM accounts_agencymove m
                 WHERE m."table" = TG_TABLE_NAME AND m."row" = NEW.id
                   AND m.former_id = OLD.agency_id AND m.successor_id = NEW.agency_id) THEN
                RAISE EXCEPTION 'row % of % keeps its OPD', NEW.id, TG_TABLE_NAME USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def any_changed(*columns: str) -> pgtrigger.Q:
    """The condition of a trigger: an update gives one of them another value."""
    return reduce(or_, (pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}) for name in columns))
