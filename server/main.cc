#include <string>
#include <vector>

#include "server/app/server_program.h"
#include "server/rpc/library_log.h"

int main(int argc, char** argv) {
  otpgate::rpc::DiscardProtobufLog();
  return otpgate::app::RunServerProgram(std::vector<std::string>(argv + 1, argv + argc));
}
