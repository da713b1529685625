#!/usr/bin/env python3
"""Proves that check_layers.py can fail: runs it on small trees with planted includes."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECKER = pathlib.Path(__file__).resolve().parent / "check_layers.py"


def run_on(files):
    """Runs the checker on a tree of {path: text}; returns (exit status, output)."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            file = pathlib.Path(root, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        done = subprocess.run([sys.executable, CHECKER, root], capture_output=True, text=True)
    return done.returncode, done.stdout


class CheckLayers(unittest.TestCase):
    def assert_fails(self, path, include, reason):
        status, output = run_on({path: f"#include {include}\n"})
        self.assertEqual(status, 1, output)
        self.assertIn(reason, output)

    def test_allows_an_include_downwards(self):
        status, output = run_on({"graph/store/a.cc": '#include "graph/types/date.h"\n#include <rocksdb/db.h>\n'})
        self.assertEqual(status, 0, output)

    def test_fails_on_an_include_upwards(self):
        self.assert_fails("graph/schema/a.h", '"graph/store/graph_store.h"', "may not include graph/store")

    def test_fails_on_a_foreign_library_outside_its_folder(self):
        self.assert_fails("server/engine/a.cc", "<rocksdb/db.h>", "allowed only in graph/store")

    def test_fails_on_libtorch_in_the_server(self):
        self.assert_fails("server/main/a.cc", "<torch/torch.h>", "allowed only in model/gnn")

    def test_fails_on_the_protocol_in_the_engine(self):
        self.assert_fails("server/engine/a.h", '"recoup/v1/types.pb.h"', "allowed only in server/wire")

    def test_fails_on_test_code_in_the_product(self):
        self.assert_fails("graph/types/a.h", '"tests/support/clock.h"', "allowed only in tests")

    def test_sees_sub_folders_and_odd_spacing(self):
        self.assert_fails("model/runtime/ops/a.cc", ' "server/engine/engine.h"', "may not include server/engine")

    def test_fails_on_an_unknown_folder(self):
        self.assert_fails("graph/utils/a.h", "<vector>", "not listed")

    def test_fails_on_an_empty_tree(self):
        self.assertEqual(run_on({})[0], 1)


if __name__ == "__main__":
    unittest.main()
