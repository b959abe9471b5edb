// otpgate-server with the methods a bench needs on top: an empty one, and counts of batches.
#include <string>
#include <utility>
#include <vector>

#include "server/server_program.h"
#include "tests/bench/batch_counts.h"
#include "tests/bench/empty_method.h"

int main(int argc, char** argv) {
  static otpgate::bench::BatchCounts counts;
  otpgate::AppExtras extras;
  extras.methods = counts.Methods();
  extras.methods.push_back(otpgate::bench::EmptyMethod());
  extras.on_calls = [](const otpgate::BatchReport& report) { counts.Add(report); };
  return otpgate::RunServerProgram(std::vector<std::string>(argv + 1, argv + argc),
                                   std::move(extras));
}
