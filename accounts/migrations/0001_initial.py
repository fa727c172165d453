import accounts.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from core.migration_batches import together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = together([
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='kode_skpd of SIPD, up to three fields of government and a number', max_length=40, unique=True, verbose_name='SIPD code')),
                ('name', models.CharField(max_length=160, unique=True, verbose_name='name')),
                ('short_name', models.CharField(max_length=40, unique=True, verbose_name='short name')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
            ],
            options={
                'verbose_name': 'OPD',
                'verbose_name_plural': 'OPD',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='AgencyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.CharField(help_text='kode_skpd of SIPD, up to three fields of government and a number', max_length=40, verbose_name='SIPD code')),
                ('name', models.CharField(max_length=160, verbose_name='name')),
                ('short_name', models.CharField(max_length=40, verbose_name='short name')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='accounts.agency')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('full_name', models.CharField(max_length=160, verbose_name='full name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('dark_mode', models.CharField(choices=[('auto', 'as the device'), ('light', 'light'), ('dark', 'dark')], default='auto', max_length=5, verbose_name='appearance')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
            },
            managers=[
                ('objects', accounts.models.PortalUserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('operator', 'OPD operator'), ('agency_head', 'Head of OPD'), ('verifier', 'Bappeda verifier'), ('governors_office', "Governor's office"), ('auditor', 'Auditor (Inspektorat)'), ('data_steward', 'Data steward'), ('administrator', 'Administrator')], max_length=20, verbose_name='role')),
                ('first_day', models.DateField(blank=True, null=True, verbose_name='first day')),
                ('last_day', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.agency', verbose_name='OPD')),
                ('delegated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='delegations_given', to=settings.AUTH_USER_MODEL, verbose_name='delegated by')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'membership',
                'verbose_name_plural': 'memberships',
                'constraints': [models.UniqueConstraint(fields=('user', 'role', 'agency'), name='accounts_membership_once', nulls_distinct=False, violation_error_message='This user already has that role there.'), models.CheckConstraint(condition=models.Q(('role__in', ['operator', 'agency_head', 'verifier', 'governors_office', 'auditor', 'data_steward', 'administrator'])), name='accounts_membership_role', violation_error_message='Choose one of the roles.'), models.CheckConstraint(condition=models.Q(models.Q(('agency__isnull', False), ('role__in', ['agency_head', 'operator'])), models.Q(models.Q(('role__in', ['agency_head', 'operator']), _negated=True), ('agency__isnull', True)), _connector='OR'), name='accounts_membership_agency', violation_error_message='Operators and heads belong to one OPD; every other role is for the whole province.'), models.CheckConstraint(condition=models.Q(('delegated_by__isnull', True), models.Q(('first_day__isnull', False), ('last_day__gte', models.F('first_day')), ('role', 'agency_head'), models.Q(('reason', ''), _negated=True), models.Q(('delegated_by', models.F('user')), _negated=True)), _connector='OR'), name='accounts_membership_delegation', violation_error_message='A head lends the role to somebody else, from a day to a day, with a reason.')],
            },
        ),
        migrations.CreateModel(
            name='MembershipEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('role', models.CharField(choices=[('operator', 'OPD operator'), ('agency_head', 'Head of OPD'), ('verifier', 'Bappeda verifier'), ('governors_office', "Governor's office"), ('auditor', 'Auditor (Inspektorat)'), ('data_steward', 'Data steward'), ('administrator', 'Administrator')], max_length=20, verbose_name='role')),
                ('first_day', models.DateField(blank=True, null=True, verbose_name='first day')),
                ('last_day', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.agency', verbose_name='OPD')),
                ('delegated_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='delegated by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='accounts.membership')),
                ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300)),
                ('url', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['user', '-id'], name='accounts_notice_user')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('user_id', models.BigIntegerField(db_index=True, null=True)),
                ('address', models.GenericIPAddressField(null=True, verbose_name='address')),
                ('browser', models.CharField(blank=True, max_length=200, verbose_name='browser')),
                ('started_at', models.DateTimeField(null=True, verbose_name='signed in')),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UserEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('full_name', models.CharField(max_length=160, verbose_name='full name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('dark_mode', models.CharField(choices=[('auto', 'as the device'), ('light', 'light'), ('dark', 'dark')], default='auto', max_length=5, verbose_name='appearance')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agency',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_agencyevent" ("code", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_name") VALUES (NEW."code", NEW."id", NEW."is_active", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."short_name"); RETURN NULL;', hash='ebd1d73ad6532fb42fde77c4866651653480c175', operation='INSERT', pgid='pgtrigger_insert_insert_67acf', table='accounts_agency', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agency',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_agencyevent" ("code", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_name") VALUES (NEW."code", NEW."id", NEW."is_active", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."short_name"); RETURN NULL;', hash='060522ac8048cb736eb81e1c1a46d6c566bde0a3', operation='UPDATE', pgid='pgtrigger_update_update_f30d7', table='accounts_agency', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agency',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_agencyevent" ("code", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_name") VALUES (OLD."code", OLD."id", OLD."is_active", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."short_name"); RETURN NULL;', hash='47f71519ef40e1ae12b866f8438b1e6d2f4956cf', operation='DELETE', pgid='pgtrigger_delete_delete_d4253', table='accounts_agency', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_userevent" ("dark_mode", "date_joined", "email", "full_name", "id", "is_active", "is_staff", "is_superuser", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") VALUES (NEW."dark_mode", NEW."date_joined", NEW."email", NEW."full_name", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."username"); RETURN NULL;', hash='f82e9634081652786dd0aab6660b51f99b15885d', operation='INSERT', pgid='pgtrigger_insert_insert_3867c', table='accounts_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."dark_mode" IS DISTINCT FROM (NEW."dark_mode") OR OLD."date_joined" IS DISTINCT FROM (NEW."date_joined") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."full_name" IS DISTINCT FROM (NEW."full_name") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."username" IS DISTINCT FROM (NEW."username"))', func='INSERT INTO "accounts_userevent" ("dark_mode", "date_joined", "email", "full_name", "id", "is_active", "is_staff", "is_superuser", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") VALUES (NEW."dark_mode", NEW."date_joined", NEW."email", NEW."full_name", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."username"); RETURN NULL;', hash='eebf68d74d57f00d66fe5d66b4a589d7a9ebf014', operation='UPDATE', pgid='pgtrigger_update_update_0e890', table='accounts_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_userevent" ("dark_mode", "date_joined", "email", "full_name", "id", "is_active", "is_staff", "is_superuser", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") VALUES (OLD."dark_mode", OLD."date_joined", OLD."email", OLD."full_name", OLD."id", OLD."is_active", OLD."is_staff", OLD."is_superuser", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."username"); RETURN NULL;', hash='58339a321973aaaeb6375c51d986966aed1a2f68', operation='DELETE', pgid='pgtrigger_delete_delete_19f14', table='accounts_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agencyevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f1004ca6f6a1f686e4823a76b2c72c4d5cc84de0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d7a00', table='accounts_agencyevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_membershipevent" ("agency_id", "delegated_by_id", "first_day", "id", "last_day", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "role", "user_id") VALUES (NEW."agency_id", NEW."delegated_by_id", NEW."first_day", NEW."id", NEW."last_day", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."role", NEW."user_id"); RETURN NULL;', hash='67947f62a7dd42a261a420c0e1735dee52bbc6ac', operation='INSERT', pgid='pgtrigger_insert_insert_fc05a', table='accounts_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_membershipevent" ("agency_id", "delegated_by_id", "first_day", "id", "last_day", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "role", "user_id") VALUES (NEW."agency_id", NEW."delegated_by_id", NEW."first_day", NEW."id", NEW."last_day", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."role", NEW."user_id"); RETURN NULL;', hash='b1c0029c5e7b8136461800b28def6eb63516a70e', operation='UPDATE', pgid='pgtrigger_update_update_20ab5', table='accounts_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_membershipevent" ("agency_id", "delegated_by_id", "first_day", "id", "last_day", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "role", "user_id") VALUES (OLD."agency_id", OLD."delegated_by_id", OLD."first_day", OLD."id", OLD."last_day", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."role", OLD."user_id"); RETURN NULL;', hash='e45033d0c08614384bd36a7bea0025052159cc0a', operation='DELETE', pgid='pgtrigger_delete_delete_19a8f', table='accounts_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membershipevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e1f05704110766345bef638c18be4307af995a77', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9ee6c', table='accounts_membershipevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='userevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9e9498e73f6fbdf2642fb33fa14189f1ad2382c8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_45b21', table='accounts_userevent', when='BEFORE')),
        ),
    ])
