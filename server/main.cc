#include <string>
#include <vector>

#include "server/server_program.h"

int main(int argc, char** argv) {
  return otpgate::RunServerProgram(std::vector<std::string>(argv + 1, argv + argc));
}
