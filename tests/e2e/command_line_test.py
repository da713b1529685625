#!/usr/bin/env python3
"""Uses recoup and recoupd as a user does: from a tape to prices, and everything that goes wrong."""

import array
import hashlib
import json
import os
import pathlib
import resource
import shutil
import re
import signal
import struct
import subprocess
import tempfile
import time
import unittest

from recoup_process import BIN, Server, recoup

MAPPING = """recoup_mapping = 1
currency = "EUR"
known_at = { date = "2024-06-30" }

[[table]]
file = "claims.csv"

  [[table.node]]
  kind = "loan"
  id = "claim_no"
    [table.node.attributes]
    balance = { column = "balance", currency_column = "currency", minimum = 0 }
    origination_date = "since"
    asset_class = "class"
"""
HEADER = "claim_no,balance,currency,since,class\n"


def bytes_of(model):
    """Name and bytes of every file of a model."""
    return {path.name: path.read_bytes() for path in sorted(model.iterdir())}


def seal(model, file, data):
    """Replaces a file of a model, with a manifest that says so."""
    (model / file).write_bytes(data)
    manifest = (model / "manifest.json").read_text()
    digest = hashlib.sha256(data).hexdigest()
    manifest = re.sub(rf'("{re.escape(file)}": ")[0-9a-f]+', rf"\g<1>{digest}", manifest)
    manifest = re.sub(r'("seal": ")[0-9a-f]+', r"\g<1>" + "0" * 64, manifest)
    digest = hashlib.sha256(manifest.encode()).hexdigest()
    (model / "manifest.json").write_text(manifest.replace("0" * 64, digest))


def exaggerate(model, tensor, factor):
    """Multiplies a tensor of a model's network."""
    data = bytearray((model / "weights.safetensors").read_bytes())
    (length,) = struct.unpack_from("<Q", data)
    begin, end = json.loads(data[8:8 + length])[tensor]["data_offsets"]
    numbers = array.array("f", bytes(data[8 + length + begin:8 + length + end]))
    numbers = array.array("f", [number * factor for number in numbers])
    data[8 + length + begin:8 + length + end] = numbers.tobytes()
    seal(model, "weights.safetensors", bytes(data))


@unittest.skipUnless(
    (BIN / "../lib/librecoup_torch.so").exists(),
    "training needs librecoup_torch.so, which a build without LibTorch leaves out")
class PortfolioTest(unittest.TestCase):
    """Tests on one small generated portfolio with a trained model."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="recoup-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.store, cls.models = cls.folder / "store", cls.folder / "models"
        recoup("generate", "--loans", 1200, "--seed", 7, "--out", cls.folder / "p")
        recoup("import", cls.folder / "p/tape", "--store", cls.store)
        recoup("train", "--store", cls.store, "--models", cls.models, "--version", "v1",
               "--epochs", 2, "--hidden", 8)
        cls.embedded = ["--store", cls.store, "--models", cls.models]

    def value_all(self, form, *where):
        return recoup("value", "--all", "--format", form, "--limit", 50, *where).stdout

    def test_answers_are_the_same_bytes_embedded_through_a_server_and_after_a_restart(self):
        for form in ("json", "csv", "table"):
            embedded = self.value_all(form, *self.embedded)
            self.assertGreater(len(embedded), 1000)
            for _ in range(2):
                with Server(self.folder, self.store, self.models) as server:
                    self.assertEqual(embedded, self.value_all(form, "--server", server.address))

    def test_one_loan_reads_the_same_from_disk_as_from_memory(self):
        first = self.value_all("json", *self.embedded).splitlines()[0]
        loan = json.loads(first)["loan_id"]
        single = recoup("value", loan, "--format", "json", *self.embedded).stdout
        self.assertEqual(first, single.rstrip(b"\n"))

    def test_portable_and_torch_agree(self):
        portable = self.value_all("json", *self.embedded, "--backend", "local-fp32").splitlines()
        torch = self.value_all("json", *self.embedded, "--backend", "torch").splitlines()
        self.assertEqual(len(portable), len(torch))
        for ours, theirs in zip(map(json.loads, portable), map(json.loads, torch)):
            for key in ("expected_rate", "lower_rate", "upper_rate"):
                self.assertAlmostEqual(ours[key], theirs[key], delta=1e-5)

    def test_an_unknown_loan_is_not_found_from_both_sides(self):
        with Server(self.folder, self.store, self.models) as server:
            remote = recoup("value", "nobody", "--server", server.address, check=False)
        local = recoup("value", "nobody", *self.embedded, check=False)
        for done in (local, remote):
            self.assertEqual(done.returncode, 3)
            self.assertIn(b"no loan of this id is known by", done.stderr)
            self.assertIn(b"nobody", done.stderr)
        self.assertEqual(local.stderr, remote.stderr)

    def test_what_could_not_be_valued_shows_in_the_exit_code_and_beside_the_totals(self):
        done = recoup("value", "L0000001", "nobody", *self.embedded, check=False)
        self.assertEqual(done.returncode, 5)
        self.assertIn(b"incomplete: 1 of 2 loans", done.stdout)
        tape, store = self.folder / "no-balance", self.folder / "no-balance-store"
        tape.mkdir()
        (tape / "claims.csv").write_text("claim_no,since\nA,2020-01-31\n")
        mapping = "".join(line for line in MAPPING.splitlines(True)
                          if "balance" not in line and "class" not in line)
        (tape / "mapping.toml").write_text(mapping)
        recoup("import", tape, "--store", store)
        failed = recoup("value", "A", "--store", store, "--models", self.models, check=False)
        self.assertEqual(failed.returncode, 1, failed.stderr)
        self.assertIn(b"balance", failed.stderr)

    def test_a_full_disk_stops_the_valuing_with_a_message(self):
        for form in ("csv", "json"):
            with open("/dev/full", "wb") as full:
                done = subprocess.run(
                    [BIN / "recoup", "value", "--all", "--format", form, *self.embedded],
                    stdout=full, stderr=subprocess.PIPE, timeout=60)
            self.assertEqual(done.returncode, 4)
            self.assertIn(b"the disk is full or the reader is gone", done.stderr)

    def test_models_that_cannot_be_looked_at_are_an_error_before_training(self):
        models = self.folder / "loop"
        models.symlink_to("loop")
        done = recoup("train", "--store", self.store, "--models", models, check=False)
        self.assertEqual(done.returncode, 4)
        self.assertIn(b"cannot look at the models", done.stderr)

    def test_an_as_of_date_that_is_wrong_is_refused(self):
        done = recoup("value", "--all", "--as-of", "31.12.2024", *self.embedded, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"--as-of", done.stderr)
        early = recoup("value", "L0000001", "--as-of", "1970-01-01", *self.embedded, check=False)
        self.assertEqual(early.returncode, 3)
        self.assertIn(b"1970-01-01", early.stderr)

    def test_a_store_that_is_open_elsewhere_is_left_alone(self):
        with Server(self.folder, self.store, self.models):
            done = recoup("inspect", "--store", self.store, check=False)
        self.assertEqual(done.returncode, 4)
        self.assertIn(b"--server", done.stderr)

    def test_a_client_that_goes_away_in_mid_stream_does_not_disturb_the_server(self):
        with Server(self.folder, self.store, self.models) as server:
            for _ in range(5):
                client = subprocess.Popen(
                    [BIN / "recoup", "value", "--all", "--format", "json", "--server",
                     server.address], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
                client.stdout.readline()
                client.kill()
                client.stdout.close()
                client.wait()
            answer = recoup("value", "L0000001", "--format", "json", "--server", server.address)
            self.assertIn(b"L0000001", answer.stdout)
            start = time.monotonic()
        self.assertEqual(server.exit_code, 0)
        self.assertLess(time.monotonic() - start, 30)

    def test_a_damaged_model_is_listed_with_its_fault_and_not_used(self):
        models = self.folder / "damaged"
        shutil.copytree(self.models, models)
        weights = models / "v1/weights.safetensors"
        data = bytearray(weights.read_bytes())
        data[-1] ^= 1
        weights.write_bytes(data)
        listed = recoup("model", "list", "--models", models)
        self.assertIn(b"cannot be used", listed.stdout)
        done = recoup("value", "--all", "--store", self.store, "--models", models, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(
            done.stderr.decode(),
            f"recoup value: no usable model in {models}: v1: model {models}/v1: file is damaged, its "
            f"SHA-256 differs from the manifest's: {weights}\n")

    def test_ctrl_c_leaves_a_usable_model(self):
        models = self.folder / "interrupted"
        process = subprocess.Popen(
            [BIN / "recoup", "train", "--store", self.store, "--models", models, "--version", "v2",
             "--epochs", "100000", "--patience", "100000", "--hidden", "4"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        # The first line of progress comes after ten seconds, many epochs into the training.
        line = process.stderr.readline()
        while line and b"training" not in line:
            line = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        self.assertEqual(process.wait(timeout=120), 130, rest)
        process.stderr.close()
        card = json.loads(recoup("model", "card", "--models", models).stdout)
        self.assertIs(card["training"]["interrupted"], True)
        recoup("value", "L0000001", "--store", self.store, "--models", models)

    def test_a_trained_model_has_an_ensemble_that_values_and_explains_itself_on_its_card(self):
        self.assertTrue((self.models / "v1/ensemble.bin").is_file())
        card = json.loads(recoup("model", "card", "--models", self.models).stdout)
        members = card["ensemble"]["members"]
        self.assertEqual(len(members), 5)
        self.assertAlmostEqual(sum(member["weight"] for member in members), 1, delta=1e-3)
        lines = self.value_all("json", *self.embedded).splitlines()
        rates = [json.loads(line)["expected_rate"] for line in lines if b"expected_rate" in line]
        self.assertEqual(len(rates), 1200)
        self.assertGreater(max(rates) - min(rates), 0.1)
        self.assertTrue(all(0 <= rate <= 1 for rate in rates))

    def quantize(self, model, *options, **how):
        return recoup("model", "quantize", "--model", model, "--calibrate", self.store, *options,
                      **how)

    def backend_of(self, models, *options):
        lines = self.value_all("json", "--store", self.store, "--models", models, *options)
        return json.loads(lines.splitlines()[0])["provenance"]["backend"]

    def peer_seal(self):
        return (self.store / "peers.cache").read_bytes()[:8]

    def test_a_model_gets_its_network_in_fewer_bits_in_its_place(self):
        models = self.folder / "quantized"
        shutil.copytree(self.models, models)
        before = json.loads((models / "v1/card.json").read_text())
        seals = {self.peer_seal()}
        for bits in (4, 8):
            done = self.quantize(models / "v1", "--bits", bits, "--loans", 300)
            seals.add(self.peer_seal())
            text = done.stdout.decode()
            self.assertIn(f"network in {bits} bits: steps from 300 loans, judged on ", text)
            (checksum,) = re.findall(r"written: .*/v1 \(([0-9a-f]{12})\)", text)
            listed = recoup("model", "list", "--models", models).stdout.decode()
            self.assertEqual(listed, f"* v1  {checksum}\n")
        self.assertEqual(os.listdir(models), ["v1"])
        # Each form is another model, and finds a snapshot of its own at its first start.
        self.assertEqual(len(seals), 3)
        card = json.loads(recoup("model", "card", "--models", models).stdout)
        for bits in (4, 8):
            self.assertEqual(card["quantization"][f"int{bits}"]["calibration_loans"], 300)
            self.assertTrue((models / f"v1/network.int{bits}.bin").is_file())
        del before["quantization"], card["quantization"]
        self.assertEqual(before, card)
        self.assertEqual(self.backend_of(models), "local-int8")
        self.assertEqual(self.backend_of(models, "--backend", "local-int4"), "local-int4")
        self.assertEqual(self.backend_of(models, "--backend", "local-fp32"), "local-fp32")

    def test_quantizing_twice_gives_the_same_bytes_and_leaves_the_original_alone(self):
        models = self.folder / "twice"
        shutil.copytree(self.models, models)
        self.quantize(models / "v1", "--bits", 4)
        once = bytes_of(models / "v1")
        for threads in (1, 3):
            self.quantize(models / "v1", "--bits", 4, "--threads", threads)
            self.assertEqual(bytes_of(models / "v1"), once)
        for name, data in bytes_of(self.models / "v1").items():
            if name not in ("manifest.json", "card.json"):
                self.assertEqual(once[name], data, name)

    def test_the_report_of_quantizing_as_json_is_one_object(self):
        models = self.folder / "as-json"
        shutil.copytree(self.models, models)
        done = self.quantize(models / "v1", "--format", "json")
        report = json.loads(done.stdout)
        self.assertEqual(report["bits"], 8)
        self.assertEqual(report["broken_bounds"], [])
        self.assertLess(report["mean_change"], 0.002)
        self.assertEqual(report["quantized"]["network_bytes"],
                         (models / "v1/network.int8.bin").stat().st_size)
        self.assertEqual(report["fp32"]["network_bytes"],
                         (models / "v1/weights.safetensors").stat().st_size)

    def test_a_network_that_loses_too_much_is_not_written_unless_forced(self):
        models = self.folder / "sensitive"
        recoup("train", "--store", self.store, "--models", models, "--version", "v1", "--epochs", 1,
               "--hidden", 8, "--network-only")
        # Forecasts that jump from one end to the other at a touch: no rounding keeps them. Three
        # times what is allowed in either form.
        exaggerate(models / "v1", "head.output.weight", 300.0)
        before = bytes_of(models / "v1")
        for bits in (8, 4):
            done = self.quantize(models / "v1", "--bits", bits, check=False)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn(b"mean change of the predicted recovery is 0.", done.stderr)
            self.assertIn(b"nothing was written", done.stderr)
            self.assertIn(b"network in %d bits" % bits, done.stdout)  # what it would have cost
            self.assertNotIn(b"written:", done.stdout)
            self.assertEqual(bytes_of(models / "v1"), before)
            self.assertEqual(os.listdir(models), ["v1"])
        refused = self.quantize(models / "v1", "--bits", 4, "--format", "json", check=False)
        self.assertGreater(len(json.loads(refused.stdout)["broken_bounds"]), 0)
        forced = self.quantize(models / "v1", "--bits", 4, "--force")
        self.assertIn(b"written:", forced.stdout)
        self.assertNotEqual(bytes_of(models / "v1"), before)
        recoup("value", "L0000001", "--store", self.store, "--models", models)

    def test_quantizing_what_is_not_there_or_damaged_changes_nothing(self):
        models = self.folder / "not-quantized"
        shutil.copytree(self.models, models)
        before = bytes_of(models / "v1")
        for options, code, reason in (
                (["--bits", 5], 2, b"--bits"),
                (["--loans", 0], 2, b"--loans"),
                (["--train-before", "2020-01-01"], 2, b"--train-before"),
                (["--split", "never"], 2, b"--split"),
                # Nothing was known then, so the training part would be empty.
                (["--train-before", "1950-01-01", "--validation-before", "1951-01-01",
                  "--test-from", "1952-01-01"], 2, b"leaves a part empty")):
            with self.subTest(options=options):
                done = self.quantize(models / "v1", *options, check=False)
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertIn(reason, done.stderr)
        absent = self.quantize(models / "v2", check=False)
        self.assertEqual(absent.returncode, 3)
        self.assertIn(b"no such model directory", absent.stderr)
        nowhere = recoup("model", "quantize", "--model", models / "v1", "--calibrate",
                         self.folder / "no-store", check=False)
        self.assertNotEqual(nowhere.returncode, 0)
        self.assertIn(b"no-store", nowhere.stderr)
        self.assertEqual(bytes_of(models / "v1"), before)
        (models / "v1/calibration.json").write_text("{}")
        damaged = self.quantize(models / "v1", check=False)
        self.assertEqual(damaged.returncode, 1)
        self.assertIn(b"is damaged", damaged.stderr)
        self.assertEqual(os.listdir(models), ["v1"])

    def test_a_network_alone_has_no_ensemble_and_values_too(self):
        models = self.folder / "alone"
        recoup("train", "--store", self.store, "--models", models, "--version", "v1", "--epochs", 1,
               "--hidden", 4, "--network-only")
        self.assertFalse((models / "v1/ensemble.bin").exists())
        recoup("value", "L0000001", "--store", self.store, "--models", models)

    def test_an_update_learns_everything_and_the_next_finds_nothing_new(self):
        store, models = self.folder / "updated-store", self.folder / "updated"
        shutil.copytree(self.store, store)
        shutil.copytree(self.models, models)
        update = ["train", "--store", store, "--models", models, "--epochs", 2, "--hidden", 8]
        first = recoup(*update, "--update", "--version", "v2")
        self.assertIn(b"model v1 learnt outcomes known before", first.stderr)
        self.assertNotIn(b"stays in use", first.stderr)
        card = json.loads(recoup("model", "card", "--models", models).stdout)
        self.assertEqual(card["version"], "v2")
        self.assertTrue(card["split"]["description"].startswith("learnt from every outcome known"))
        second = recoup(*update, "--update")
        self.assertIn(b"nothing to learn: model v2 knows every outcome up to", second.stdout)
        self.assertEqual(sorted(os.listdir(models)), ["v1", "v2"])
        recoup("value", "L0000001", "--store", store, "--models", models)

    def test_an_update_with_a_lower_version_says_that_it_is_not_used_and_is_not_repeated(self):
        store, models = self.folder / "lower-store", self.folder / "lower"
        shutil.copytree(self.store, store)
        shutil.copytree(self.models, models)
        update = ["train", "--store", store, "--models", models, "--epochs", 1, "--hidden", 4,
                  "--update"]
        first = recoup(*update)  # named by today's date, which comes before v1
        self.assertIn(b"model v1 stays in use, because its version is higher", first.stderr)
        self.assertIn(b"nothing to learn", recoup(*update).stdout)
        self.assertEqual(len(os.listdir(models)), 2)

    def test_a_rolling_training_prints_a_table_and_leaves_nothing_behind(self):
        models, page = self.folder / "rolling", self.folder / "rolling.html"
        done = recoup("train", "--store", self.store, "--models", models, "--rolling", "--seeds", 1,
                      "--from", "2023-01-01", "--epochs", 1, "--hidden", 4, "--html", page)
        table = done.stdout.decode()
        for row in ("mean ", "XGBoost own ", "base + residual ridge ", "ensemble ",
                    "ensemble without network "):
            self.assertIn("\n" + row, table)
        self.assertIn("refitted every 6 months from 2023-01-01", table)
        self.assertIn("By year", table)
        self.assertEqual(os.listdir(models) if models.exists() else [], [])
        self.assertIn("<svg", page.read_text())

    def test_a_rolling_training_with_too_few_outcomes_says_what_it_needs(self):
        done = recoup("train", "--store", self.store, "--models", self.folder / "none", "--rolling",
                      check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"the first refit needs 1000 known outcomes", done.stderr)
        for wrong, word in ((["--update", "--rolling"], b"--rolling"),
                            (["--months", 3], b"--rolling"),
                            (["--rolling", "--from", "01.02.2020"], b"--from")):
            done = recoup("train", "--store", self.store, *wrong, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn(word, done.stderr)

    def test_a_server_refuses_to_listen_beyond_loopback_without_tls(self):
        done = subprocess.run(
            [BIN / "recoupd", "--store", self.store, "--models", self.models, "--listen",
             "0.0.0.0:0"], capture_output=True, timeout=60)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(b"refusing to listen beyond this machine", done.stderr)

    def test_facts_imported_through_a_server_are_those_imported_directly(self):
        direct, served = self.folder / "direct", self.folder / "served"
        first = self.folder / "first"  # makes the store that a server needs
        first.mkdir()
        (first / "claims.csv").write_text(HEADER + "A,1,EUR,2020-01-31,loss\n")
        (first / "mapping.toml").write_text(MAPPING)
        for store in (direct, served):
            recoup("import", first, "--store", store)
        recoup("import", self.folder / "p/tape", "--store", direct)
        with Server(self.folder, served, self.models) as server:
            recoup("import", self.folder / "p/tape", "--server", server.address,
                   "--rejects", self.folder / "rejects.csv")
        directly, through = (
            json.loads(recoup("inspect", "--format", "json", "--store", store).stdout)
            for store in (direct, served))
        for key in ("nodes", "edges", "outcomes"):
            self.assertEqual(directly[key], through[key])
        # The server goes on with the ledger: an entry for each outcome that its model did not learn.
        card = json.loads(recoup("model", "card", "--models", self.models).stdout)
        not_learnt = directly["outcomes"] - card["split"]["training"]
        self.assertGreater(not_learnt, 0)
        self.assertEqual(directly["facts"] + not_learnt, through["facts"])

    def test_rows_too_wide_for_one_message_reach_a_server_in_several(self):
        wide, store = self.folder / "wide", self.folder / "wide-store"
        wide.mkdir()
        (wide / "mapping.toml").write_text(
            MAPPING + '    note = { column = "note", type = "text" }\n')
        header = HEADER.strip() + ",note\n"
        row = "{},1,EUR,2020-01-31,loss," + "x" * 4000 + "\n"
        (wide / "claims.csv").write_text(header + row.format("A"))
        recoup("import", wide, "--store", store)
        rows = "".join(row.format(f"L{i}") for i in range(3000))  # 12 MB in 3,000 facts
        (wide / "claims.csv").write_text(header + rows)
        with Server(self.folder, store, self.models) as server:
            done = recoup("import", wide, "--server", server.address, "--format", "json",
                          "--rejects", self.folder / "rejects.csv")
        report = json.loads(done.stdout)
        self.assertEqual(report["facts_written"], 3000)
        self.assertGreater(report["batches"], 5)


class EvaluateTest(unittest.TestCase):
    """Comparisons that need no plug-in: boosted trees, the ensemble without networks, mistakes."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="recoup-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.store = cls.folder / "store"
        recoup("generate", "--loans", 600, "--seed", 7, "--out", cls.folder / "p")
        recoup("import", cls.folder / "p/tape", "--store", cls.store)

    def evaluate(self, *options, **how):
        return recoup("evaluate", "--store", self.store, "--seeds", 1, "--epochs", 1, "--hidden", 4,
                      *options, **how)

    def test_rows_lag_and_new_groups_shape_the_table(self):
        table = json.loads(self.evaluate("--rows", "ensemble", "--lag", 200, "--new-groups",
                                         "out.originated_by.party:0/2", "--warm", "--format",
                                         "json").stdout)
        models = [row["model"] for row in table["rows"]]
        self.assertEqual(models[:3], ["mean", "base", "trees, own features"])
        self.assertIn("ensemble without edges", models)
        self.assertNotIn("XGBoost own", models)
        self.assertNotIn("network", models)
        split = table["split"]["description"]
        self.assertIn("valued 200 days before its outcome was known", split)
        self.assertIn("new groups of out.originated_by.party whose past outcomes are seen", split)

    def test_questions_that_cannot_be_asked_are_refused_with_their_reason(self):
        groups = "new groups are given as RELATION:REMAINDER/DIVISOR"
        for options, reason in (
                (["--lag", -1], "--lag"),
                (["--lag", 3651], "--lag"),
                (["--lag", "soon"], "--lag"),
                (["--lag", 30, "--leak-check"], "--lag"),
                (["--rows", "nonsense"], "nonsense not in {tabular,ensemble,network}"),
                (["--rows", "tabular,nonsense"], "nonsense not in {tabular,ensemble,network}"),
                (["--new-groups", "lender"], groups),
                (["--new-groups", "out.originated_by.party:3/3"], groups),
                (["--new-groups", "out.originated_by.party:0/0"], groups),
                (["--new-groups", "out.nothing.party:0/3"],
                 "no loan has the relation of the new groups: out.nothing.party"),
                (["--new-groups", "a:0/3", "--leak-check"], "--new-groups"),
                (["--warm"], "--new-groups")):
            with self.subTest(options=options):
                done = self.evaluate(*options, check=False)
                self.assertEqual(done.returncode, 2)
                self.assertIn(reason, done.stderr.decode())
                self.assertEqual(done.stdout, b"")


class BadTapeTest(unittest.TestCase):
    """Tapes and mappings that cannot be read, or only in part."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="recoup-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.tape = self.folder / "tape"
        self.tape.mkdir()
        self.store = self.folder / "store"

    def import_tape(self, rows, mapping=MAPPING, **options):
        (self.tape / "claims.csv").write_text(HEADER + rows)
        (self.tape / "mapping.toml").write_text(mapping)
        return recoup("import", self.tape, "--store", self.store, "--rejects",
                      self.folder / "rejects.csv", check=False, **options)

    def loans(self):
        shown = json.loads(recoup("inspect", "--format", "json", "--store", self.store).stdout)
        return shown["nodes"].get("loan", 0)

    def test_rows_that_cannot_be_read_are_reported_and_stop_nothing(self):
        done = self.import_tape(
            "A,100.50,EUR,2020-01-31,loss\n"
            "B,-1,EUR,2020-01-31,loss\n"        # negative balance
            "C,many,EUR,2020-01-31,loss\n"      # wrong type
            "D,1,ZZZ,2020-01-31,loss\n"         # unknown currency
            "E,1,EUR,2020-02-30,loss\n"         # no such day
            "F,7,EUR,2020-01-31,doubtful\n")
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn(b"6 rows read, 4 rejected", done.stdout)
        rejects = (self.folder / "rejects.csv").read_text()
        for line, column, value in ((3, "balance", "-1"), (4, "balance", "many"),
                                    (5, "currency", "ZZZ"), (6, "since", "2020-02-30")):
            row = next(r for r in rejects.splitlines() if f"claims.csv,{line}," in r)
            self.assertIn(column, row)
            self.assertIn(value, row)
        self.assertEqual(self.loans(), 2)

    def test_a_mapping_that_is_not_toml_is_one_error_with_its_line(self):
        done = self.import_tape("", mapping="recoup_mapping = 1\ncurrency = = 3\n")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"mapping.toml:2", done.stderr)

    def test_a_missing_column_names_the_key_and_the_columns_there_are(self):
        done = self.import_tape("", mapping=MAPPING.replace('id = "claim_no"', 'id = "loan_no"'))
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"mapping.toml:10", done.stderr)
        self.assertIn(b"loan_no", done.stderr)
        self.assertIn(b"claim_no", done.stderr)

    def test_an_unknown_key_and_an_unknown_currency_are_refused(self):
        for old, new, word in (("minimum = 0", "minimun = 0", b"minimun"),
                               ('currency = "EUR"', 'currency = "EURO"', b"EURO")):
            done = self.import_tape("", mapping=MAPPING.replace(old, new))
            self.assertEqual(done.returncode, 2)
            self.assertIn(b"mapping.toml:", done.stderr)
            self.assertIn(word, done.stderr)

    def test_a_tape_that_is_not_there_is_not_found(self):
        done = recoup("import", self.folder / "nothing", "--store", self.store, check=False)
        self.assertEqual(done.returncode, 3)

    def test_a_full_disk_loses_nothing_that_was_acknowledged(self):
        rows = "".join(f"L{i},{i},EUR,2020-01-31,loss\n" for i in range(60000))

        def limit_files():
            resource.setrlimit(resource.RLIMIT_FSIZE, (3 << 20, 3 << 20))

        # SIGXFSZ stays ignored, so that writing too much is an error and not the end.
        done = self.import_tape(rows, preexec_fn=limit_files, restore_signals=False)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn(b"goes on from there", done.stderr)
        kept = self.loans()
        self.assertLess(kept, 60000)
        again = self.import_tape(rows)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(self.loans(), 60000)

    def test_a_store_cannot_be_opened_in_a_folder_of_something_else(self):
        self.store.mkdir()
        (self.store / "letter.txt").write_text("not a store")
        done = self.import_tape("A,1,EUR,2020-01-31,loss\n")
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(os.listdir(self.store), ["letter.txt"])

    def test_every_verb_explains_itself_with_an_example(self):
        for verb in ("generate", "import", "train", "evaluate", "value", "inspect", "model"):
            self.assertIn(b"Example", recoup(verb, "--help").stdout)
        self.assertEqual(recoup("no-such-verb", check=False).returncode, 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
