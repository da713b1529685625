"""Runs the real recoup and recoupd for the end-to-end tests."""

import os
import pathlib
import signal
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("RECOUP_BIN", ROOT / "build/release/bin"))


def recoup(*arguments, check=True, **options):
    """Runs one command to its end. With `check`, a failure shows what it said."""
    done = subprocess.run(
        [BIN / "recoup", *map(str, arguments)], capture_output=True, timeout=600, **options
    )
    if check and done.returncode != 0:
        raise AssertionError(f"recoup {arguments} exited {done.returncode}: {done.stderr.decode()}")
    return done


class Server:
    """A recoupd on a loopback port of its own choice; stopped by SIGTERM on leaving the block."""

    def __init__(self, folder, store, models, config=ROOT / "deploy/config/recoupd.toml"):
        self._port_file = pathlib.Path(folder) / "port"
        self._port_file.unlink(missing_ok=True)
        self._log = open(pathlib.Path(folder) / "recoupd.log", "wb")
        self.process = subprocess.Popen(
            [
                BIN / "recoupd", "--config", config, "--store", store, "--models", models,
                "--listen", "127.0.0.1:0", "--port-file", self._port_file,
            ],
            stdout=self._log, stderr=subprocess.STDOUT,
        )

    def __enter__(self):
        deadline = time.monotonic() + 60
        while not (self._port_file.exists() and self._port_file.read_text().strip()):
            if self.process.poll() is not None or time.monotonic() > deadline:
                log = pathlib.Path(self._log.name).read_text(errors="replace")
                self.process.kill()
                self.process.wait()
                raise AssertionError(f"recoupd did not start: {log}")
            time.sleep(0.02)
        self.address = f"127.0.0.1:{self._port_file.read_text().strip()}"
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.exit_code = self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self._log.close()
