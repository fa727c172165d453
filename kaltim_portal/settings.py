"""One settings file, read from the environment, safe by default.

PORTAL_ENV=production (the default) refuses to start without its secrets; `demo` and `test` are set by
kaltim_portal.embedded, which also starts the servers they use. docs/operations.md lists every variable.
"""

import re
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

PORTAL_ENV = env.str("PORTAL_ENV", "production")
if PORTAL_ENV not in {"production", "demo", "test"}:
    raise ImproperlyConfigured(f"PORTAL_ENV is {PORTAL_ENV!r}; it must be production, demo or test.")
IS_PRODUCTION = PORTAL_ENV == "production"
DEMO_MODE = PORTAL_ENV == "demo" or env.bool("PORTAL_DEMO_PAGES", default=PORTAL_ENV == "test")
DEBUG = False


def secret(name: str) -> str:
    """A secret from the environment; in demo and test a fixed throw-away value stands in for a missing one."""
    value: str = env.str(name, "")
    if not value:
        if IS_PRODUCTION:
            raise ImproperlyConfigured(f"{name} is not set. docs/operations.md says how to make one.")
        value = f"not-secret-{name.lower()}-only-for-demo-and-test-0123456789abcdef"
    return value


def _origin(address: str) -> str:
    """'https://sso.example/realms/x' → 'https://sso.example'."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


# -- who we are ------------------------------------------------------------------------------------------------
SECRET_KEY = secret("SECRET_KEY")
# Newest first: the first key encrypts, all of them decrypt (core.encryption).
FIELD_ENCRYPTION_KEYS = [key for key in secret("FIELD_ENCRYPTION_KEYS").split(",") if key]
FIELD_HASH_KEY = secret("FIELD_HASH_KEY")
# Secrets that a library keeps in a JSON column: (table, key, column, names in it); rotate_keys re-encrypts them too.
ENCRYPTED_IN_JSON = [("mfa_authenticator", "id", "data", ("secret", "seed"))]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if IS_PRODUCTION else ["127.0.0.1", "localhost", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ROOT_URLCONF = "kaltim_portal.urls"
WSGI_APPLICATION = "kaltim_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

INSTALLED_APPS = [
    "kaltim_portal.admin_site.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_celery_beat",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "django_tables2",
    "template_partials",
    "core",
    "accounts",
    "uploads",
    "datasources",
    "spm",
    "programs",
    "procurement",
    "public_services",
    "evidence",
    "dashboards",
    "kaltim_portal",
]

SERVER_TIMING = env.bool("SERVER_TIMING", default=not IS_PRODUCTION)
MIDDLEWARE = [
    "core.middleware.server_timing.ServerTimingMiddleware",
    "core.middleware.plain_requests.PlainRequestsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.middleware.body_limit.BodyLimitMiddleware",
    "core.middleware.open_pages.OpenPagesMiddleware",
    "core.middleware.private_pages.PrivatePagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "core.middleware.form_person.FormPersonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.middleware.access_rule.AccessRuleMiddleware",
    "accounts.sign_in.middleware.SignInRequiredMiddleware",
    "accounts.reauthentication.IdleLockMiddleware",
    "accounts.sign_in.middleware.SecondFactorMiddleware",
    "accounts.middleware.PagePersonMiddleware",
    "accounts.middleware.WorkspaceMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "core.audit.HistoryMiddleware",
    "core.middleware.form_pages.FormPagesMiddleware",
    "accounts.drafts.middleware.DraftMiddleware",
    "core.middleware.form_once.FormOnceMiddleware",
    "core.middleware.traced_reads.TracedReadsMiddleware",
    "core.middleware.decided_elsewhere.DecidedElsewhereMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "core.page_language.PageTemplates",
        "NAME": "django",  # as others look for it
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kaltim_portal.navigation.navigation",
            ],
            "builtins": [
                "accounts.templatetags.regulations",
                "core.templatetags.formatting",
                "core.templatetags.form_keys",
                "django.templatetags.i18n",
                "core.templatetags.kept_translations",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
            ],
        },
    }
]

FORM_RENDERER = "core.forms.PortalFormRenderer"

# -- database and Valkey/Redis ---------------------------------------------------------------------------------
_database_url = env.str("DATABASE_URL", "" if IS_PRODUCTION else "postgresql://portal@127.0.0.1:1/portal")
if not _database_url:
    raise ImproperlyConfigured("DATABASE_URL is not set, for example postgresql://user:password@host:5432/portal")
DATABASES: dict[str, Any] = {"default": env.db_url_config(_database_url)}
# Who owns tables and functions. Only `manage.py migrate` becomes this role (core.database_roles); web, worker and beat
# are not told it.
DATABASE_OWNER_URL = env.str("DATABASE_OWNER_URL", "")
DATABASE_OWNER: dict[str, Any] = env.db_url_config(DATABASE_OWNER_URL) if DATABASE_OWNER_URL else {}
DATABASE_ROLE: str = DATABASES["default"]["USER"]  # the portal's own, also while a process is the owner
# The one schema in which the portal's own role may make tables: lists that are being taken over.
STAGING_SCHEMA = "staging"
DATABASES["default"].update(
    ENGINE="django.db.backends.postgresql",
    ATOMIC_REQUESTS=True,
    CONN_MAX_AGE=env.int("DATABASE_CONN_MAX_AGE", 300),
    CONN_HEALTH_CHECKS=True,  # a restarted database costs one reconnect, not a restart of the portal
    TEST={"NAME": "portal_test"},
)
# Per process type: a page must answer, a worker may take its time.
_statement_timeout = env.int("DATABASE_STATEMENT_TIMEOUT_MS", 15_000)
_lock_timeout = env.int("DATABASE_LOCK_TIMEOUT_MS", 5_000)
# Compiling a query and starting helpers for it pay in the worker's long ones, never in a page's.
_for_pages = "" if env.bool("DATABASE_LONG_QUERIES", False) else " -c jit=off -c max_parallel_workers_per_gather=0"
# With DATABASE_TLS_CA the server has to prove who it is; a certificate of our own where it asks for one.
_database_ca = env.str("DATABASE_TLS_CA", "")
_database_tls = {
    "sslmode": env.str("DATABASE_TLS_MODE", "verify-full" if _database_ca else ""),
    "sslrootcert": _database_ca,
    "sslcert": env.str("DATABASE_TLS_CERTIFICATE", ""),
    "sslkey": env.str("DATABASE_TLS_KEY", ""),
}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    connect_timeout=5,
    **{name: path for name, path in _database_tls.items() if path},
    application_name=env.str("DATABASE_APPLICATION_NAME", "portal"),
    options=f"-c statement_timeout={_statement_timeout} -c lock_timeout={_lock_timeout}{_for_pages}",
)

REDIS_URL = env.str("REDIS_URL", "" if IS_PRODUCTION else "redis://127.0.0.1:1/0")
if not REDIS_URL:
    raise ImproperlyConfigured("REDIS_URL is not set, for example redis://:password@host:6379/0")
# rediss:// is TLS: the server has to prove who it is, by REDIS_TLS_CA or by the machine's own authorities.
_redis_tls: dict[str, Any] = {}
if REDIS_URL.startswith("rediss://"):
    _redis_tls = {"ssl_cert_reqs": "required", "ssl_ca_certs": env.str("REDIS_TLS_CA", "") or None}
    _redis_tls |= {"ssl_certfile": env.str("REDIS_TLS_CERTIFICATE", "") or None}
    _redis_tls |= {"ssl_keyfile": env.str("REDIS_TLS_KEY", "") or None}
CACHES = {
    "default": {
        "BACKEND": "core.cache.TolerantRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": env.str("CACHE_KEY_PREFIX", "portal"),
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2, **_redis_tls},
    }
}

CELERY_BROKER_URL = REDIS_URL
if _redis_tls:
    CELERY_BROKER_USE_SSL = {**_redis_tls, "ssl_cert_reqs": ssl.CERT_REQUIRED}
CELERY_TASK_IGNORE_RESULT = True  # what people see are rows (Pull), not Celery's results
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 300
CELERY_TASK_TIME_LIMIT = 360
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for Valkey to come back, however long
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_connect_timeout": 2,
    "socket_timeout": 30,
    "global_keyprefix": env.str("CELERY_KEY_PREFIX", ""),
}
# From a web request: try once and give up at once; the row that says "queued" is swept up by beat.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "Asia/Makassar"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
# Tasks of higher floors that want to know about a finished pull; datasources calls them by name, with the series' id.
AFTER_PULL_TASKS = ["programs.validation.tasks.revalidate_series"]
CELERY_BEAT_MAX_LOOP_INTERVAL = env.int("BEAT_MAX_LOOP_SECONDS", 30)
# What beat runs at first, with its words: kaltim_portal.schedule.SCHEDULE, which lower floors reach by this name only.
SCHEDULE = "kaltim_portal.schedule.SCHEDULE"
PULL_DUE_SECONDS = env.int("PULL_DUE_SECONDS", 900)
SEAL_SECONDS = env.int("SEAL_SECONDS", 600)
SUMMARY_SECONDS = env.int("SUMMARY_SECONDS", 60)
# Generated years of each series and shape that the nightly back-test of the forecasts foresees: a minute of one core.
BACK_TEST_YEARS = env.int("BACK_TEST_YEARS", 960)

# -- open data -------------------------------------------------------------------------------------------------
OPEN_PATHS = ("/publik/", "/ocds/")  # no cookie counts here: the same for everybody, and cacheable
PUBLISHER_NAME = env("PUBLISHER_NAME", default="Pemerintah Provinsi Kalimantan Timur")

# -- weekly briefing -------------------------------------------------------------------------------------------
BRIEFING_WEEKDAY = env.int("BRIEFING_WEEKDAY", 0)  # 0 is Monday: the day on which the schedule issues it

# -- evidence --------------------------------------------------------------------------------------------------
# Tables whose rows are sealed (core.chain), with the columns that may change afterwards or are re-encrypted. Of a row
# that lawfully lives on its history is sealed, and the row compared with it.
CHAINED_MODELS: dict[str, tuple[str, ...]] = {
    "core.AuditEvent": (),
    "accounts.UserEvent": (),
    "accounts.MembershipEvent": (),
    "accounts.ApiTokenEvent": (),
    "programs.ReportStep": (),
    "programs.ReportSeal": (),
    "dashboards.Briefing": ("pdf",),  # its SHA-256 is sealed
    "procurement.Declaration": ("superseded_at",),
    "procurement.Interest": ("party_identity", "party_identity_hash", "party_identity_salt", "party_name_key"),
    "procurement.Decision": (),
    "procurement.GateOverride": (),
    "procurement.PackageStep": (),
    "procurement.Contract": ("superseded_at",),
    "procurement.Addendum": (),
    "procurement.DeclarationEvent": (),
    "procurement.DecisionEvent": (),
    "procurement.ContractEvent": (),
    "procurement.AddendumEvent": (),
    "evidence.HeadDeparture": (),
    "evidence.PaperSignatureEvent": (),
}
# Parts of rows that have a seal of their own: (name, columns, which of them the law lets be erased).
CHAINED_PARTS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "procurement.Interest": (
        "identity",
        ("party_identity_hash", "party_identity_salt"),
        "procurement.privacy.retention.interests_over_their_time",
    ),
}
# Further models whose rows must say what the last entry of their history says.
HISTORY_CHECKED_MODELS = ["procurement.Package", "procurement.Officer", "programs.Report", "evidence.PaperSignature"]
# Of these every change says who made it and where; one that doesn't was made past the portal.
CONTEXT_CHECKED_MODELS = [
    "accounts.User",
    "accounts.Membership",
    "accounts.ApiToken",
    "procurement.Package",
    "procurement.Officer",
]
# How the rows of each kind of long work end when it dies: (before, why) → how many.
LONG_WORK = [
    "uploads.services.end_what_died",
    "procurement.red_flags.external_data.end_what_died",
    "procurement.audit.files.end_what_died",
    "datasources.catalogue.services.end_what_died",
]
# What follows from sealed rows, and what left the house; each gives core.chain.ChainFinding.
CHAIN_CHECKS = [
    "core.structure.findings",
    "accounts.proofs.findings",
    "programs.reports.seals.findings",
    "procurement.audit.proofs.findings",
    "evidence.copies.findings",
    "evidence.signatures.proofs.findings",
]
SEAL_LATE_SECONDS = env.int("SEAL_LATE_SECONDS", 3 * 3600)  # a row that waits longer for its seal is a finding
# Once a day the newest seal leaves the house: by mail, into a folder, to a time-stamping authority (RFC 3161).
CHAIN_HEAD_MAIL_TO = env.list("CHAIN_HEAD_MAIL_TO", default=[])
CHAIN_HEAD_FOLDER = env.str("CHAIN_HEAD_FOLDER", "")
CHAIN_HEAD_SECONDS = env.int("CHAIN_HEAD_SECONDS", 3600)  # how often is looked whether today's has left
TIMESTAMP_AUTHORITY_URL = env.str("TIMESTAMP_AUTHORITY_URL", "")
TIMESTAMP_ROOTS = env.str("TIMESTAMP_ROOTS", "")  # a PEM file: the roots under which its certificates stand

# -- electronic signature --------------------------------------------------------------------------------------
# BSrE's eSign client service inside the region's network, for instance http://10.1.2.3; without it nothing is shown.
BSRE_URL = env.str("BSRE_URL", "")
if BSRE_URL and not re.fullmatch(r"https?://(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:]+\])(:\d{1,5})?/?", BSRE_URL):
    raise ImproperlyConfigured("BSRE_URL must name the service by its IP address, for instance http://10.1.2.3:8080")
BSRE_USER, BSRE_PASSWORD = env.str("BSRE_USER", ""), env.str("BSRE_PASSWORD", "")
BSRE_ROOTS = env.str("BSRE_ROOTS", "")  # a PEM file: the roots of BSrE's certificates and of its time stamps
if BSRE_URL and not BSRE_ROOTS:
    raise ImproperlyConfigured("BSRE_ROOTS must name the file of BSrE's root certificates: nothing is believed without")
BSRE_TIMEOUT_SECONDS = 120.0  # nothing waits longer, whatever is asked
SIGNABLE_PAPERS = {
    "briefing": "dashboards.briefings.signable.paper",
    "spm_report": "dashboards.spm.signable.paper",
    "working_paper": "procurement.audit.signable.paper",
}

# -- personal data ---------------------------------------------------------------------------------------------
# After how many years what is personal is erased (UU 27/2022); the privacy page says the same in words.
RETENTION_YEARS = {
    "declared_parties": 5,
    "supplier_people": 5,
    "official_profiles": 1,
    "privacy_requests": 1,
    "notices": 1,
}

# -- language, time, numbers -----------------------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Makassar"
TIME_ZONE_LABEL = "WITA"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # core.numbers writes and reads figures; ids in URLs stay plain
FORMAT_MODULE_PATH = None

# -- files -----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / ".portal" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Uploaded lists, evidence, files for auditors: outside the web root, served by views only (core.private_files).
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": env.path("PRIVATE_FILES", default=str(BASE_DIR / ".portal" / "private")),
            "file_permissions_mode": 0o640,
            "directory_permissions_mode": 0o750,
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if PORTAL_ENV == "test"
        else "core.storage.PortalStaticFilesStorage"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False  # nobody else's page takes files from here
WHITENOISE_USE_FINDERS = PORTAL_ENV == "test"
# Tests make a client for each person of each test, and with each of them WhiteNoise would look at every file anew.
WHITENOISE_AUTOREFRESH = PORTAL_ENV == "test"
FILE_UPLOAD_PERMISSIONS = 0o640
REPORTING_YEAR = "programs.reports.years.reporting_year"  # accounts stands below programs, and asks by name
# The kinds of lists that can be handed in as files, each declared by the app that takes it over.
IMPORT_DATASETS = [
    "accounts.imports.Agencies",
    "programs.imports.nomenclature.Codes",
    "programs.imports.plans.Plans",
    "programs.imports.sub_activities.SubActivities",
    "programs.imports.budget_lines.BudgetLines",
    "programs.imports.progress.Realisations",
    "programs.imports.progress.Rfk",
    "programs.imports.results.MonthlyResults",
    "programs.imports.results.QuarterlySheet",
    "programs.imports.recipients.RecipientsSheet",
    "procurement.packages.imports.SirupPackages",
    "procurement.contracts.code_imports.TenderCodes",
    "procurement.contracts.imports.TenderResults",
    "procurement.contracts.pyproc_imports.PyprocTenders",
]
# The regulations that rules cite: what each says here and where it was seen.
REGULATIONS_FILE = Path(__file__).parent / "reference" / "regulations.csv"
# What goes to an OPD's successor when it is renamed, merged or split, each declared by the app whose rows they are.
AGENCY_HOLDINGS = [
    "programs.holdings.ProgramHolding",
    "programs.holdings.PlanHolding",
    "programs.holdings.RuleHolding",
    "procurement.holdings.PackageHolding",
    "public_services.holdings.ServiceHolding",
    "spm.holdings.DutyHolding",
    "dashboards.holdings.DirectiveHolding",
    "dashboards.holdings.WarningHolding",
    "accounts.agencies.own_holdings.MemberHolding",
    "accounts.agencies.own_holdings.UnitHolding",
    "uploads.holdings.MappingHolding",
    "uploads.holdings.HeadingHolding",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# All that one request may bring, files included; docker-compose.yml gives the proxy the same figure.
BODY_LIMIT = env.int("BODY_LIMIT_MB", 64) * 1024 * 1024
# What the files of one OPD may take together, and who counts them: each a function of the OPD's key, in bytes.
FILES_PER_AGENCY = env.int("FILES_PER_AGENCY_MB", 20_000) * 1024 * 1024
FILE_COUNTERS = [
    "uploads.services.bytes_of_agency",
    "programs.reports.attachments.bytes_of_agency",
]
# Rows that name a file in the private storage (`stored_as`), and its folder there.
STORED_FILES = {
    "uploads.Upload": "uploads",
    "programs.Evidence": "evidence",
    "dashboards.FollowUp": "directives",
    "procurement.AuditExport": "audit",
    "evidence.PaperSignature": "signatures",
}
# Who hears of a full disk or a missing file; lower floors reach it by this name only.
TELL_ADMINISTRATORS = "accounts.services.tell_administrators"

# -- sign-in ---------------------------------------------------------------------------------------------------
# django-allauth without its rate limits (a cache forgets; accounts.sign_in.limits counts in PostgreSQL), its sign-up,
# its mails about changes (accounts.services.tell) and its trusted browsers.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "accounts.sign_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.sign_in.services.LinkTokens"  # noqa: S105 (a class)
ACCOUNT_FORMS = {
    "login": "accounts.sign_in.forms.SignInForm",
    "reset_password": "accounts.sign_in.forms.LinkRequestForm",
}
PASSWORD_RESET_TIMEOUT = 7 * 24 * 3600  # of an invitation; a link to reset lives an hour (LinkTokens)
MFA_ADAPTER = "accounts.sign_in.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.sign_in.forms.CodeForm",
    "authenticate_webauthn": "accounts.sign_in.forms.KeyForm",
    "login_webauthn": "accounts.sign_in.forms.KeySignInForm",
    "add_webauthn": "accounts.sign_in.forms.NewKeyForm",
}
MFA_TOTP_ISSUER = "Portal Kaltim"
MFA_TOTP_TOLERANCE = 1  # phones' clocks are off by some seconds
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_PRODUCTION  # http://127.0.0.1 of demo and tests
MFA_TRUST_ENABLED = False
MFA_RATE_LIMITS = False
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are entered by administrators, not by whoever signs up
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Thousands of throw-away users; and walks that sign in at every other step, each time for a second of Argon2.
if PORTAL_ENV == "test" or (not IS_PRODUCTION and env.bool("QUICK_PASSWORDS", default=False)):
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.sign_in.passwords.NotAgain"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "core.errors.csrf_failure"
# A session that is left alone so long is locked: whoever comes back confirms who they are.
IDLE_MINUTES = env.int("IDLE_MINUTES", 30)
# Auditors, data stewards and administrators need the second factor everywhere but in the demo.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=IS_PRODUCTION)

# -- sign-in by the SSO of a ministry or of the province (OpenID Connect) ---------------------------------------
# Switched on by its discovery address. It links to an account that has the NIP of the claim, and makes none.
SSO_DISCOVERY_URL = env.str("SSO_DISCOVERY_URL", "")
SSO_NAME = env.str("SSO_NAME", "SSO") if SSO_DISCOVERY_URL else ""
SSO_NIP_CLAIM = env.str("SSO_NIP_CLAIM", "nip")  # dotted where it is nested: data.identitas.nip
SSO_UNIT_CLAIM = env.str("SSO_UNIT_CLAIM", "")
if IS_PRODUCTION and SSO_DISCOVERY_URL and not SSO_DISCOVERY_URL.startswith("https://"):
    raise ImproperlyConfigured("SSO_DISCOVERY_URL must begin with https://")
SOCIALACCOUNT_ADAPTER = "accounts.sso.adapters.SsoAccountAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "sso",
                "name": SSO_NAME,
                "client_id": env.str("SSO_CLIENT_ID", ""),
                "secret": env.str("SSO_CLIENT_SECRET", ""),
                "settings": {
                    "server_url": SSO_DISCOVERY_URL,
                    "oauth_pkce_enabled": True,
                    "scope": env.str("SSO_SCOPES", "openid profile").split(),
                },
            }
        ]
        if SSO_DISCOVERY_URL
        else []
    }
}

# Behind the reverse proxy the client's address is the last X-Forwarded-For entry, which the proxy itself wrote.
PROXY_COUNT = env.int("PROXY_COUNT", 0)

# -- security headers ------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_SAMESITE = "Lax"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # data: for the icons inside the vendored stylesheet
        "font-src": [SELF],
        "connect-src": [SELF],
        # A browser holds the redirects after a form to this too: signing in and out at the SSO begins with one.
        "form-action": [SELF, *([_origin(SSO_DISCOVERY_URL)] if SSO_DISCOVERY_URL else [])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
if IS_PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^sehat/$"]  # the container's own health check speaks plain HTTP
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    # The prefix makes browsers refuse such a cookie from another host or over plain HTTP.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    CSRF_COOKIE_SECURE = True

# -- API -------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.tokens.authentication.ApiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["core.api_defaults.AccessRulePermission"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "core.api_defaults.PortalPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api_defaults.PlainJsonParser"],
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": env.str("API_THROTTLE_USER", "600/min")},
    "EXCEPTION_HANDLER": "core.api_defaults.exception_handler",
    "COERCE_DECIMAL_TO_STRING": True,  # money and figures never travel as binary floats
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Portal Pemantauan Program Kalimantan Timur",
    "DESCRIPTION": "Program, laporan, data acuan dan pengadaan, dengan aturan akses yang sama seperti di halaman "
    "portal.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "IndicatorLevelEnum": "programs.choices.IndicatorLevel",
        "ProgramStateEnum": "programs.choices.ProgramState",
        "ReportKindEnum": "programs.choices.ReportKind",
        "ReportStateEnum": "programs.choices.ReportState",
        "PackageStateEnum": "procurement.choices.PackageState",
        "PackageKindEnum": "procurement.choices.PackageKind",
        "PullStateEnum": "datasources.choices.PullState",
        "GovernmentLevelEnum": "spm.choices.GovernmentLevel",
        "IndexLevelEnum": "spm.choices.IndexLevel",
        "RegionLevelEnum": "core.choices.RegionLevel",
        "PeriodKindEnum": "core.periods.PeriodKind",
    },
}

# -- data sources ----------------------------------------------------------------------------------------------
# host:port pairs inside our own network that a source may reach all the same (the demo's stand-in server).
OUTBOUND_ALLOWED_INTERNAL = env.list("OUTBOUND_ALLOWED_INTERNAL", default=[])
OUTBOUND_TIMEOUT_SECONDS = env.float("OUTBOUND_TIMEOUT_SECONDS", 30.0)
OUTBOUND_MAX_BYTES = env.int("OUTBOUND_MAX_BYTES", 20 * 1024 * 1024)
PULL_RETRY_SECONDS = env.float("PULL_RETRY_SECONDS", 30.0)
# A pull that waits this long is handed to the worker again; one that runs this long was lost with its worker.
PULL_SWEEP_SECONDS = env.int("PULL_SWEEP_SECONDS", 60)
PULL_STUCK_SECONDS = env.int("PULL_STUCK_SECONDS", 900)
PULLS_PER_SOURCE = env.int("PULLS_PER_SOURCE", 4)

# -- mail and logs ---------------------------------------------------------------------------------------------
EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend" if IS_PRODUCTION else "django.core.mail.backends.locmem.EmailBackend",
)
# A page waits for no mail server; tests read their letters at once.
MAIL_THROUGH_WORKER = env.bool("MAIL_THROUGH_WORKER", default=PORTAL_ENV != "test")
# Where links in e-mails lead.
PORTAL_ADDRESS = env.str("PORTAL_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
EMAIL_FILE_PATH = env.str("EMAIL_FILE_PATH", "")  # of the demo, whose letters are files
if env.str("EMAIL_URL", ""):  # smtp+tls://user:password@host:587
    _mail = env.email_url("EMAIL_URL")
    EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "portal@localhost")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "ERROR"},
    },
}

# -- history by triggers (core.audit) --------------------------------------------------------------------------
PGHISTORY_APPEND_ONLY = True
SILENCED_SYSTEM_CHECKS: list[str] = []
