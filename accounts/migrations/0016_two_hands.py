"""Say of two administrators whether one of them made the other's way in: then they are one pair of eyes."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# By the trail: who made the account, invited, gave a role, or changed what opens it; and so on from hand to hand.
FUNCTIONS = """
CREATE FUNCTION accounts_set_up_by(person bigint, since timestamptz) RETURNS TABLE (user_id bigint)
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE hand (user_id) AS (
        SELECT person
         UNION
        SELECT e.actor_id
          FROM hand h
          JOIN core_auditevent e ON e.target_type = 'accounts.user' AND e.target_id = h.user_id::text
         WHERE e.actor_id IS NOT NULL AND e.at > since
           AND (e.action IN ('admin.added', 'account.invited', 'roles.changed')
                OR e.action = 'account.changed'
                   AND e.details -> 'fields' ?| ARRAY['email', 'nip', 'username', 'is_active'])
    )
    SELECT h.user_id FROM hand h
$$;
CREATE FUNCTION accounts_set_up_together(one bigint, other bigint, since timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM accounts_set_up_by(one, since) o JOIN accounts_set_up_by(other, since) t ON t.user_id = o.user_id)
$$;
"""
GONE = """
DROP FUNCTION accounts_set_up_together(bigint, bigint, timestamptz);
DROP FUNCTION accounts_set_up_by(bigint, timestamptz);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0015_dated_by_database'),
        ('core', '0005_dated_by_database'),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, GONE),
        pgtrigger.migrations.AddTrigger(
            model_name='devicereset',
            trigger=pgtrigger.compiler.Trigger(name='two_hands', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'done\')', func="\n                    IF accounts_set_up_together(\n                        NEW.asked_by_id, NEW.decided_by_id, now() - interval '90 days') THEN\n                        RAISE EXCEPTION 'separation of duties: users % and % are of one hand',\n                              NEW.asked_by_id, NEW.decided_by_id USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='6c2ab8b05d617b42351b49b6f24b94b37c8bed9a', operation='INSERT OR UPDATE OF "state", "asked_by_id", "decided_by_id"', pgid='pgtrigger_two_hands_4c6b8', table='accounts_devicereset', when='BEFORE')),
        ),
    ]
