"""How people are written to, and the language they read."""


import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0018_search_by_token'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='user',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='user',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='user',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='notice',
            name='mailed_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='language',
            field=models.CharField(choices=[('id', 'Indonesian'), ('en', 'English')], default='id', help_text="In English you read the portal's own words. What people typed, regulations, figures, guides and files stay Indonesian, and so do notices, letters and messages about what you have sent.", max_length=2, verbose_name='language'),
        ),
        migrations.AddField(
            model_name='user',
            name='notices_by_mail',
            field=models.CharField(choices=[('at_once', 'each at once'), ('daily', 'one letter every morning with what is unread'), ('never', 'not at all')], default='at_once', help_text='In the portal they always stand. What concerns your account itself always comes by e-mail too.', max_length=7, verbose_name='notices by e-mail'),
        ),
        migrations.AddField(
            model_name='userevent',
            name='language',
            field=models.CharField(choices=[('id', 'Indonesian'), ('en', 'English')], default='id', help_text="In English you read the portal's own words. What people typed, regulations, figures, guides and files stay Indonesian, and so do notices, letters and messages about what you have sent.", max_length=2, verbose_name='language'),
        ),
        migrations.AddField(
            model_name='userevent',
            name='notices_by_mail',
            field=models.CharField(choices=[('at_once', 'each at once'), ('daily', 'one letter every morning with what is unread'), ('never', 'not at all')], default='at_once', help_text='In the portal they always stand. What concerns your account itself always comes by e-mail too.', max_length=7, verbose_name='notices by e-mail'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_userevent" ("dark_mode", "date_joined", "email", "full_name", "id", "is_active", "is_staff", "is_superuser", "language", "nip", "notices_by_mail", "password_changed_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "username") VALUES (NEW."dark_mode", NEW."date_joined", NEW."email", NEW."full_name", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."language", NEW."nip", NEW."notices_by_mail", NEW."password_changed_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."username"); RETURN NULL;', hash='3dbe390aeabb330d62904e5c3c22f66c1e19d9b6', operation='INSERT', pgid='pgtrigger_insert_insert_3867c', table='accounts_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."dark_mode" IS DISTINCT FROM (NEW."dark_mode") OR OLD."date_joined" IS DISTINCT FROM (NEW."date_joined") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."full_name" IS DISTINCT FROM (NEW."full_name") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."nip" IS DISTINCT FROM (NEW."nip") OR OLD."notices_by_mail" IS DISTINCT FROM (NEW."notices_by_mail") OR OLD."password_changed_at" IS DISTINCT FROM (NEW."password_changed_at") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."username" IS DISTINCT FROM (NEW."username"))', func='INSERT INTO "accounts_userevent" ("dark_mode", "date_joined", "email", "full_name", "id", "is_active", "is_staff", "is_superuser", "language", "nip", "notices_by_mail", "password_changed_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "username") VALUES (NEW."dark_mode", NEW."date_joined", NEW."email", NEW."full_name", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."language", NEW."nip", NEW."notices_by_mail", NEW."password_changed_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."username"); RETURN NULL;', hash='61b8b3d37fd03899a1cce5d8d3114f0fab3fef15', operation='UPDATE', pgid='pgtrigger_update_update_0e890', table='accounts_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_userevent" ("dark_mode", "date_joined", "email", "full_name", "id", "is_active", "is_staff", "is_superuser", "language", "nip", "notices_by_mail", "password_changed_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "username") VALUES (OLD."dark_mode", OLD."date_joined", OLD."email", OLD."full_name", OLD."id", OLD."is_active", OLD."is_staff", OLD."is_superuser", OLD."language", OLD."nip", OLD."notices_by_mail", OLD."password_changed_at", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone", OLD."username"); RETURN NULL;', hash='60bb5a6ea608aeeec5367811164b518eed2ea2c6', operation='DELETE', pgid='pgtrigger_delete_delete_19f14', table='accounts_user', when='AFTER')),
        ),
    ]
