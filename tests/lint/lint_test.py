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

    def test_layers(self):
        def include(name):
            return f"#include {name}\n"

        for path, name in (
            ("server/domain/a.cc", '"server/domain/b.h"'),
            ("server/domain/a.cc", '"storage/types.h"'),
            ("server/domain/a.cc", "<string>"),
            ("server/engine/a_test.cc", '"storage/memory/memory_storage.h"'),
            ("server/engine/a_test.cc", '"tests/support/fake_clock.h"'),
            ("storage/postgres/a.cc", "<pqxx/pqxx>"),
            ("tests/support/a.cc", "<pqxx/pqxx>"),
            ("server/crypto/a.cc", "<openssl/evp.h>"),
            ("server/rpc/a.cc", "<grpcpp/grpcpp.h>"),
            ("server/main.cc", '"storage/postgres/postgres_storage.h"'),
            ("server/main.cc", "<grpcpp/grpcpp.h>"),
            ("server/validation/a.cc", '"otpgate/v1/types.pb.h"'),
        ):
            self.expect_clean("layers", path, include(name))
        for path, name in (
            ("server/runtime/a.cc", '"server/errors/reason.h"'),
            ("server/domain/a.cc", '"server/engine/batch.h"'),
            ("server/domain/a.cc", '"server/rpc/answer.h"'),
            ("server/domain/a.cc", "<openssl/evp.h>"),
            ("server/domain/a.cc", '"tests/support/fake_clock.h"'),
            ("storage/storage.h", '"server/domain/codes.h"'),
            ("storage/storage.h", '"storage/postgres/connection.h"'),
            ("server/engine/a.cc", '"storage/postgres/connection.h"'),
            ("server/engine/a.cc", '"storage/memory/memory_storage.h"'),
            ("server/auth/a.cc", '"otpgate/v1/types.pb.h"'),
            ("server/auth/a.cc", "<grpcpp/grpcpp.h>"),
            ("server/rpc/a.cc", "<pqxx/pqxx>"),
            ("server/rpc/a.cc", '  "storage/types.h"'),
            ("storage/memory/a.cc", "<pqxx/pqxx>"),
            ("clients/cpp/a.cc", "<openssl/evp.h>"),
            ("server/crypto/a.cc", "<hiredis/hiredis.h>"),
            ("server/rpc/a.cc", "<boost/beast/http.hpp>"),
            ("server/strange/a.cc", "<string>"),
            ("a.cc", "<string>"),
        ):
            self.expect_error("layers", path, include(name))

    def test_sizes(self):
        self.expect_clean("sizes", "server/domain/a.cc", "\n" * 150)
        self.expect_clean("sizes", "server/domain/a_test.cc", "\n" * 400)
        self.expect_error("sizes", "server/domain/a.cc", "\n" * 301)
        self.write("server/domain/a.cc", "\n" * 151)
        self.assertEqual(len(self.outcome("sizes")[1]), 1)

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


if __name__ == "__main__":
    unittest.main()
