// otpgate-server with two more methods for the bench: an empty one, and one that counts batches.
#include <string>
#include <utility>
#include <vector>

#include "server/app/server_program.h"
#include "tests/bench/batch_counts.h"
#include "tests/bench/empty_method.h"

int main(int argc, char** argv) {
  static otpgate::bench::BatchCounts counts;
  otpgate::app::AppExtras extras;
  extras.methods = counts.Methods();
  extras.methods.push_back(otpgate::bench::EmptyMethod());
  extras.on_calls = [](const otpgate::engine::BatchReport& report) { counts.Add(report); };
  return otpgate::app::RunServerProgram(std::vector<std::string>(argv + 1, argv + argc),
                                        std::move(extras));
}
