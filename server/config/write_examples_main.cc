// Writes the example files of the configuration: write_config_examples FOLDER.
#include <cstdio>
#include <fstream>
#include <string>

#include "server/config/describe.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  const std::string folder = argv[1];
  std::ofstream toml(folder + "/otpgate.example.toml");
  std::ofstream env(folder + "/.env.example");
  toml << otpgate::config::ExampleToml() << std::flush;
  env << otpgate::config::ExampleEnv() << std::flush;
  return toml.good() && env.good() ? 0 : 1;
}
