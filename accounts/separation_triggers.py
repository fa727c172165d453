"""The same rule in the database: a trigger that refuses a decision by somebody whom the matter concerns, and one that
keeps the columns which say whom it concerns."""

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
) -> pgtrigger.Trigger:
    """`person` and `agency` are expressions over NEW, `concerned` a call that gives (user_id, relation).

    After the row is written, so that the call sees it; a refusal takes the whole statement back.
    """
    return pgtrigger.Trigger(
        name="unconcerned",
        when=pgtrigger.After,
        operation=operation,
        condition=condition,
        func=f"""
            IF accounts_is_concerned({person}, ({agency}), ARRAY(SELECT c.user_id FROM {concerned} c)) THEN
                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', {person}
                      USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        """,  # noqa: S608 (constants of the models)
    )


def stays(*columns: str) -> pgtrigger.Trigger:
    """Columns that say whose a row is, or whom it concerns: written once. Who may change them may untie a person."""
    return pgtrigger.Protect(name="stays", operation=pgtrigger.UpdateOf(*columns), condition=any_changed(*columns))


def any_changed(*columns: str) -> pgtrigger.Q:
    """The condition of a trigger: an update gives one of them another value."""
    return reduce(or_, (pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}) for name in columns))
