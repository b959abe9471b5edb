#include <string>
#include <vector>

#include "server/rpc/protobuf_log.h"
#include "server/server_program.h"

int main(int argc, char** argv) {
  otpgate::DiscardProtobufLog();
  return otpgate::RunServerProgram(std::vector<std::string>(argv + 1, argv + argc));
}
