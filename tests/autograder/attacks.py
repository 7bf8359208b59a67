"""What hostile files try in part 1.3. `loot(...)` is what an attack that got through says."""

from __future__ import annotations

import textwrap

__all__ = ["ATTACKS", "ENDLESS", "NEEDS", "SAID", "SECRET"]

SECRET = "LATENT_COURSE_SECRET"

_TRIES = {  # an exception means that it was stopped
    "reads the solutions": "open(f'{root}/solutions/latent_solution.py').read()",
    "reads the mistakes": "open(f'{root}/autograder/misconceptions/latent.py').read()",
    "reads the tests": "open(f'{root}/tests/autograder/attacks.py').read()",
    "imports the solutions": "sys.path.insert(0, root); import solutions.latent_solution",
    "reads the history": "open(f'{root}/.git/HEAD').read() if os.path.isdir(f'{root}/.git') else 1 / 0",
    "follows a link": "os.symlink(f'{root}/solutions', 'link'); open('link/latent_solution.py').read()",
    "lists the root's home": "os.listdir('/root')",
    "reads who has an account": "open('/etc/passwd').read()",
    "reads another submission": "open(f'{folder}/reads another submission/../imports the solutions/latent_starter.py')",
    "reads the environment": "assert os.environ.get('LATENT_COURSE_SECRET') or "
    "b'LATENT_COURSE_SECRET' in open('/proc/self/environ', 'rb').read()",
    "reads the grader's environment": "open(f'/proc/{grader}/environ', 'rb').read()",
    "reads the grader's memory": "open(f'/proc/{grader}/mem', 'rb').read(1)",
    "reads the zygote's memory": "open(f'/proc/{zygote}/mem', 'rb').read(1)",
    "connects": "socket.create_connection(('127.0.0.1', port), 1)",
    "sends a datagram": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', port))",
    "listens": "socket.create_server(('127.0.0.1', 0))",
    "opens a socket of the system's": "socket.socket(socket.AF_UNIX).bind('\\0latent')",
    "forks": "os.fork() or os._exit(0)",
    "starts a program": "subprocess.run(['/bin/true'], check=True)",
    "becomes a program": "os.execv('/bin/true', ['/bin/true'])",
    "kills the grader": "os.kill(grader, signal.SIGKILL)",
    "kills the zygote": "os.kill(zygote, signal.SIGKILL)",
    "kills its parent": "os.kill(os.getppid() or zygote, signal.SIGKILL)",
    "kills the grader's group": "os.killpg(os.getpgid(grader), signal.SIGKILL)",
    "traces the grader": "assert ctypes.CDLL(None).ptrace(0x4206, grader, 0, 0) == 0",
    "limits the grader": "resource.prlimit(grader, resource.RLIMIT_NOFILE, (3, 3))",
    "slows the grader": "os.setpriority(os.PRIO_PROCESS, grader, 19)",
    "lifts its limits": "resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))",
    "reads its own folder": "os.listdir(f'{folder}/reads its own folder')",
    "writes into its own folder": "open(f'{folder}/writes into its own folder/left', 'w')",
    "writes into the temporary folder": "open(f'{folder}/left', 'w')",
    "writes into shared memory": "open('/dev/shm/latent-left', 'w')",
    "opens its own file to all": "os.chmod(__file__, 0o777)",
    "makes a keyring": "assert ctypes.CDLL(None).syscall(250, 1, b'latent') >= 0",
    "hides in messages": "assert ctypes.CDLL(None).msgget(77, 0o1600) >= 0",
    "mounts": "assert ctypes.CDLL(None).mount(b'x', os.getcwd().encode(), b'tmpfs', 0, None) == 0",
    "makes namespaces": "assert ctypes.CDLL(None).unshare(0x10000000) == 0",
    "outlives the grader": "assert ctypes.CDLL(None).prctl(1, 0, 0, 0, 0) == 0",
    "takes all memory": "mmap.mmap(-1, 8 << 30)",
    "writes one huge file": "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); open('huge', 'wb').truncate(1 << 40)",
}
_DO = {  # these end, or try to end, the worker itself
    "bombs": "while True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
    "fills the disk": """
        for number in range(64):
            with open(f"part{number}", "wb") as file:
                file.write(b"1" * (16 << 20))
        time.sleep(3)
        raise RuntimeError("GOT THROUGH")
        """,
    "hides what it fills": """
        os.mkdir("hidden", 0o300)
        for number in range(64):
            with open(f"hidden/part{number}", "wb") as file:
                file.write(b"1" * (16 << 20))
        time.sleep(3)
        raise RuntimeError("GOT THROUGH")
        """,
    "hides what it removed": """
        kept = []
        for number in range(64):
            file = open("gone", "wb")
            os.remove("gone")
            file.write(b"1" * (16 << 20))
            kept.append(file)
        time.sleep(3)
        raise RuntimeError("GOT THROUGH")
        """,
    "hides what it mapped": """
        kept = []
        for number in range(64):
            with open("gone", "w+b") as file:
                os.posix_fallocate(file.fileno(), 0, 16 << 20)
                kept.append(mmap.mmap(file.fileno(), 16 << 20))
            os.remove("gone")
        time.sleep(3)
        raise RuntimeError("GOT THROUGH")
        """,
    "sets room aside": """
        for number in range(64):
            with open(f"part{number}", "wb") as file:
                room = ctypes.c_long(0), ctypes.c_long(16 << 20)
                if ctypes.CDLL(None, use_errno=True).fallocate(file.fileno(), 1, *room):
                    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        time.sleep(3)
        raise RuntimeError("GOT THROUGH")
        """,
    "makes empty files": """
        for number in range(100_000):
            open(f"empty{number}", "w").close()
        time.sleep(3)
        raise RuntimeError("GOT THROUGH")
        """,
    "loops": "while True: pass",
    "loops in C": "__import__('collections').deque(itertools.repeat(0), 0)",
    "stops itself": "os.kill(os.getpid(), signal.SIGSTOP)\nwhile True: time.sleep(1)",
    "ignores signals": """
        for number in range(1, 32):
            try:
                signal.signal(number, signal.SIG_IGN)
            except OSError:
                pass
        while True: time.sleep(1)
        """,
    "kills everybody": """
        try:
            os.kill(-1, signal.SIGKILL)  # says nothing, but reaches nobody
        except OSError:
            pass
        raise RuntimeError("STOPPED")
        """,
    "kills its group": "os.killpg(0, signal.SIGKILL)\nraise RuntimeError('STOPPED')",
    "leaves threads": """
        for _ in range(8):
            threading.Thread(target=lambda: [time.sleep(0.01) for _ in itertools.count()]).start()
        import atexit
        atexit.register(lambda: time.sleep(60))
        raise RuntimeError("STOPPED")
        """,
    "storms of threads": """
        try:
            while True:
                threading.Thread(target=time.sleep, args=(60,)).start()
        except RuntimeError:
            raise RuntimeError("STOPPED") from None
        """,
    "ends": "os._exit(0)",
    "forges": """
        body = b'{"body": {"id": %d, "result": {"tag": "leaf"}, "calls": []}, "arrays": []}'
        for number in range(1, 60):
            text = body % number
            os.write(4, struct.pack(">I", len(text)) + text)
        return z
        """,
    "closes the pipes": "os.closerange(3, 100)",
    "crashes": "ctypes.string_at(0)",
    "leaves closed folders": "os.makedirs('a/b'); os.mkdir('../closed', 0); raise RuntimeError('STOPPED')",
}


def _trying(attempt: str) -> str:
    return f"""
try:
    {attempt}
except BaseException as error:
    raise RuntimeError(f"STOPPED: {{type(error).__name__}}") from None
raise RuntimeError("GOT THROUGH")
"""


ALL_TRIES = f"""
import contextlib
through = []
for name, attempt in {_TRIES!r}.items():
    with contextlib.suppress(BaseException):
        exec(attempt)
        through.append(name)
said = f"GOT THROUGH: {{through}}" if through else "STOPPED: all"
raise RuntimeError(said)
"""
ATTACKS = {name: _trying(text) for name, text in _TRIES.items()} | {n: textwrap.dedent(t) for n, t in _DO.items()}
ATTACKS["all tries"] = ALL_TRIES
ENDLESS = ("bombs", "loops", "loops in C", "ignores signals")

# What becomes of part 1.3.
SAID = {
    "all tries": "STOPPED: all",
    "bombs": "gave no answer within",
    "fills the disk": "No space left|filled its folder",
    "hides what it fills": "No space left|filled its folder",
    "hides what it removed": "No space left|filled its folder",
    "hides what it mapped": "No space left|filled its folder",
    "sets room aside": "No space left|filled its folder",
    "makes empty files": "No space left|filled its folder|gave no answer within",
    "loops": "gave no answer within",
    "loops in C": "gave no answer within",
    "stops itself": "gave no answer within",
    "ignores signals": "gave no answer within",
    "kills everybody": "STOPPED",
    "kills its group": "STOPPED|SIGKILL",
    "leaves threads": "STOPPED",
    "storms of threads": "STOPPED|MemoryError|gave no answer within|cannot be worked with",
    "ends": "exit code 0",
    "forges": "belongs to no question|is not an answer|cannot be read|expected|not an image|shape|`interpolate`",
    "closes the pipes": "closed a connection",
    "crashes": "crashed the Python process",
    "leaves closed folders": "STOPPED|closed folder",
}

# Attacks that get through as soon as one wall is left out, where there are no namespaces and the worker stays root.
NEEDS = {
    "files": ("reads the solutions", "reads the mistakes", "imports the solutions", "reads who has an account",
              "reads another submission", "writes into its own folder", "reads its own folder", "follows a link"),
    "calls": ("forks", "opens its own file to all", "outlives the grader", "hides in messages", "sends a datagram"),
    "files,calls": ("connects", "listens", "starts a program", "reads the grader's environment", "traces the grader",
                    "kills the zygote"),
    "limits": ("takes all memory", "lifts its limits"),
}  # fmt: skip
