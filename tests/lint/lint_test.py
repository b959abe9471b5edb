"""Every lint check passes on clean files and fails on a planted violation."""

import importlib
import os
import shutil
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)


class LintTest(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)
        os.environ["GIT_CEILING_DIRECTORIES"] = os.path.dirname(self.root)
        for name in ("tests/lint/layers.txt", ".clang-format"):
            with open(os.path.join(HERE, "../..", name), encoding="utf-8") as file:
                self.write(name, file.read())
        for folder in self.missing_folders():
            os.makedirs(os.path.join(self.root, folder.removesuffix("/*")), exist_ok=True)

    def missing_folders(self):
        layers = importlib.import_module("layers")
        return layers.Table(os.path.join(self.root, "tests/lint/layers.txt")).missing(self.root)

    def write(self, path, text):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)

    def outcome(self, check):
        return importlib.import_module(check).check(self.root)

    def expect_clean(self, check, path, text):
        self.write(path, text)
        self.assertEqual(self.outcome(check), ([], []), f"{check}: {path}: {text[:80]!r}")
        os.remove(os.path.join(self.root, path))

    def expect_error(self, check, path, text):
        self.write(path, text)
        errors, _ = self.outcome(check)
        self.assertEqual(len(errors), 1, f"{check}: {path}: {text[:80]!r}: {errors}")
        self.assertIn(path, errors[0])
        os.remove(os.path.join(self.root, path))

    def test_layers_that_do_not_exist(self):
        self.assertEqual(self.missing_folders(), [])
        os.rmdir(os.path.join(self.root, "server/engine"))
        self.assertEqual(self.outcome("layers")[0], ["layers.txt: there is no folder server/engine"])

    def test_layers(self):
        def include(name):
            return f"#include {name}\n"

        for path, name in (
            ("server/domain/a.cc", '"server/domain/b.h"'),
            ("server/domain/a.cc", '"storage/types.h"'),
            ("server/domain/a.cc", "<string>"),
            ("server/engine/a_test.cc", '"storage/memory/memory_storage.h"'),
            ("server/engine/a_test.cc", '"tests/support/fake_clock.h"'),
            ("base/pg/a.cc", "<pqxx/pqxx>"),
            ("base/pg/a.cc", "<libpq-fe.h>"),
            ("base/pg/a_pgtest.cc", '"tests/support/test_database.h"'),
            ("storage/postgres/a.cc", "<pqxx/pqxx>"),
            ("storage/postgres/a.cc", '"base/pg/connection.h"'),
            ("migrations/migrator/a.cc", '"base/pg/connection.h"'),
            ("tests/support/a.cc", "<pqxx/pqxx>"),
            ("base/crypto/a.cc", "<openssl/evp.h>"),
            ("server/rpc/a.cc", "<grpcpp/grpcpp.h>"),
            ("base/pg/a.cc", "<pqxx/pqxx>"),
            ("storage/a.h", '"base/clock.h"'),
            ("server/app/a.cc", '"storage/postgres/postgres_storage.h"'),
            ("server/main.cc", '"server/app/app.h"'),
            ("server/validation/a.cc", '"otpgate/v1/types.pb.h"'),
            ("server/config/a.h", '"server/rpc/server_options.h"'),
            ("server/config/a.h", '"base/pg/connection.h"'),
        ):
            self.expect_clean("layers", path, include(name))
        for path, name in (
            ("base/a.h", '"storage/types.h"'),
            ("base/a.h", '"server/runtime/log.h"'),
            ("server/runtime/a.cc", '"server/errors/reason.h"'),
            ("storage/storage.h", '"server/runtime/log.h"'),
            ("migrations/migrator/a.cc", '"server/runtime/log.h"'),
            ("clients/cpp/a.cc", '"server/keys/code.h"'),
            ("server/validation/a.h", '"server/service/results.h"'),
            ("clients/ctl/a.cc", '"server/app/app.h"'),
            ("server/domain/a.cc", '"server/engine/batch.h"'),
            ("server/domain/a.cc", '"server/rpc/answer.h"'),
            ("server/domain/a.cc", "<openssl/evp.h>"),
            ("server/domain/a.cc", '"tests/support/fake_clock.h"'),
            ("storage/storage.h", '"server/domain/codes.h"'),
            ("storage/storage.h", '"storage/postgres/connection.h"'),
            ("server/engine/a.cc", '"storage/postgres/connection.h"'),
            ("server/engine/a.cc", '"storage/memory/memory_storage.h"'),
            ("server/service/a.cc", '"otpgate/v1/types.pb.h"'),
            ("server/service/a.cc", "<grpcpp/grpcpp.h>"),
            ("server/rpc/a.cc", "<pqxx/pqxx>"),
            ("server/rpc/a.cc", '  "storage/types.h"'),
            ("storage/memory/a.cc", "<pqxx/pqxx>"),
            ("migrations/migrator/a.cc", "<pqxx/pqxx>"),
            ("migrations/migrator/a.cc", "<libpq-fe.h>"),
            ("storage/postgres/a.cc", "<libpq-fe.h>"),
            ("storage/memory/a.cc", '"base/pg/connection.h"'),
            ("server/domain/a.cc", '"base/pg/connection.h"'),
            ("base/pg/a.cc", '"storage/storage.h"'),
            ("base/pg/a.cc", '"migrations/migrator/lock.h"'),
            ("clients/cpp/a.cc", "<openssl/evp.h>"),
            ("server/rpc/a.cc", "<boost/beast/http.hpp>"),
            ("server/config/a.h", '"server/rpc/server.h"'),
            ("server/config/a.h", '"storage/postgres/pg_session.h"'),
            ("server/jobs/a.cc", '"server/config/config.h"'),
            ("server/strange/a.cc", "<string>"),
            ("a.cc", "<string>"),
        ):
            self.expect_error("layers", path, include(name))

    def test_sizes(self):
        self.expect_clean("sizes", "server/domain/a.cc", "\n" * 400)
        self.expect_clean("sizes", "server/domain/a_test.cc", "\n" * 500)
        self.expect_error("sizes", "server/domain/a.cc", "\n" * 401)

    def test_namespaces(self):
        def opens(name):
            return f"namespace {name} {{\n}}\n"

        for path, name in (
            ("base/a.h", "otpgate"),
            ("base/crypto/a.h", "otpgate::crypto"),
            ("server/domain/a.h", "otpgate::domain"),
            ("server/rpc/handlers/a.cc", "otpgate::rpc"),
            ("storage/a.h", "otpgate::storage"),
            ("storage/postgres/statements/a.h", "otpgate::storage::postgres"),
            ("tests/e2e/a_test.cc", "otpgate::e2e"),
            ("server/main.cc", "absl"),
        ):
            self.expect_clean("namespaces", path, opens(name))
        for path, name in (
            ("base/a.h", "otpgate::base"),
            ("server/domain/a.h", "otpgate"),
            ("server/domain/a.h", "otpgate::domain::inner"),
            ("storage/memory/a.h", "otpgate::storage"),
            ("server/main.cc", "otpgate"),
        ):
            self.expect_error("namespaces", path, opens(name))

    def test_sql(self):
        statement = 'auto s = R"(SELECT id\n FROM users)";\n'
        self.expect_clean("sql", "storage/postgres/a.cc", statement)
        self.expect_clean("sql", "server/engine/a.cc", "// SELECT id FROM users\nint a;\n")
        self.expect_clean("sql", "migrations/sql/V001__a.sql", "SELECT 1;\n")
        self.expect_error("sql", "server/engine/a.cc", statement)
        self.expect_error("sql", "server/engine/a.cc", 'auto s = "DELETE FROM users";\n')
        self.expect_error("sql", "server/engine/a.cc", 'auto s = "UPDATE users SET a = 1";\n')
        self.expect_error("sql", "server/a.sql", "SELECT 1;\n")

    def test_format(self):
        self.expect_clean("format", "server/domain/a.cc", "int a = 1;\n")
        self.expect_error("format", "server/domain/a.cc", "int  a=1;\n")

    def test_strays(self):
        self.expect_clean("strays", "deploy/a.sh", "cp /etc/passwd /tmp/home/x\n")
        token = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UifQ.x"
        self.expect_clean("strays", "a_test.cc", f'Parse("{token}");  // lint: harmless\n')
        for line in (
            "cd /home/jo/otpgate",
            'cp "/root/.npmrc" .',
            '"resolved": "x"',
            "npm --registry=https://registry.example.test/npm",
            "-----BEGIN EC PRIVATE KEY-----",
            "key = AKIAABCDEFGHIJKLMNOP",
            token,
            "// TODO: later",
            "<<<<<<< HEAD",
        ):
            self.expect_error("strays", "deploy/a.sh", line + "\n")

    def test_links(self):
        self.write("a/b.cc", "")
        for text in ("[b](b.cc)", "[b](../a/b.cc#L1)", "[a](../a)", "[x](https://x.test/y)", "[here](#c)"):
            self.expect_clean("links", "a/README.md", text)
        self.expect_error("links", "a/README.md", "[b](a/b.cc)")
        self.expect_error("links", "README.md", "[b](a/c.cc)")
        self.write("deploy/decisions/README.md", "[one](one.md)")
        self.write("deploy/decisions/one.md", "")
        self.expect_error("links", "deploy/decisions/two.md", "")

    def test_requirements(self):
        def row(name, tests):
            return f"| {name} | something is so | {tests} |\n"

        kill = "[kill_test](tests/e2e/kill_test.cc)"
        self.write("tests/e2e/kill_test.cc", "TEST_F(KillTest, B7_G1_NothingIsLost) {}\n")
        self.write("server/a_test.cc", "TEST(A, NothingIsSaid) {}\n")
        both = row("B7", kill) + row("G1", f"{kill}; also [a_test](server/a_test.cc)")
        for text in (
            both,
            both + "B7 and G1 are promised, and E.164 is a form.\n",
            both + row("B8", "also [a_test](server/a_test.cc)"),
            both + "| K1 | is not built yet |\n",
        ):
            self.expect_clean("requirements", "SECURITY.md", text)
        for text in (
            row("B7", kill),  # G1 has no row
            both + row("B8", ""),
            both + row("B8", "also [b_test](server/b_test.cc)"),
            both + row("B8", kill),
            both + row("B7", kill),
            row("B7", "[kill_test](kill_test.cc)") + row("G1", kill),
            row("B7", kill + ", [a_test](server/a_test.cc)") + row("G1", kill),
            row("B7", kill) + "| G1 | is not built yet |\n",
            both + "B9 is promised.\n",
        ):
            self.expect_error("requirements", "SECURITY.md", text)
        self.write("SECURITY.md", both)
        for path, text in (
            ("server/b_test.cc", "TEST(B,\n     B8_TwoLines) {}\n"),
            ("server/c_test.cc", 'Case{"B8_OfATable", 1},\n'),
            ("tests/lint/x_test.py", "def test_B8_of_python(self):\n"),
            ("tests/deploy/x_test.sh", "B8_of_a_shell() {\n"),
        ):
            self.expect_error("requirements", path, text)
        for path, text in (
            ("server/b_test.cc", "TEST(B, PromiseB8_IsInTheMiddle) {}\n"),
            ("server/p.h", "#define P256_ORDER 1\n#define AB1_X 2\n"),
        ):
            self.expect_clean("requirements", path, text)

    def test_requirements_are_renewed(self):
        self.write("tests/e2e/kill_test.cc", "TEST_F(KillTest, B7_NothingIsLost) {}\n")
        self.write("server/new/a_test.cc", "")
        moved = "[a](server/old/a_test.cc)"
        self.write("SECURITY.md", f"{moved}:\n\n| B7 | counted | [old](old.cc); also {moved} |\n")
        self.assertEqual(len(self.outcome("requirements")[0]), 1)
        importlib.import_module("requirements").renew(self.root)
        self.assertEqual(self.outcome("requirements"), ([], []))
        now = "[a](server/new/a_test.cc)"
        with open(os.path.join(self.root, "SECURITY.md"), encoding="utf-8") as file:
            self.assertEqual(
                file.read(),
                f"{now}:\n\n| B7 | counted | [kill_test](tests/e2e/kill_test.cc); also {now} |\n",
            )


if __name__ == "__main__":
    unittest.main()
