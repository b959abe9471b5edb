#ifndef OTPGATE_SERVER_APP_SERVER_PROGRAM_H_
#define OTPGATE_SERVER_APP_SERVER_PROGRAM_H_

#include <string>
#include <vector>

#include "server/app/app.h"

namespace otpgate::app {

// Runs the program otpgate-server: reads the configuration, serves until SIGTERM or SIGINT, then
// drains. To be called once, by main. `args` does not hold the program's name. Returns the exit
// code: 0 after a drain, --help or a good --check-config, 1 when it cannot serve, 2 for an invalid
// command line or configuration.
int RunServerProgram(const std::vector<std::string>& args, AppExtras extras = {});

}  // namespace otpgate::app

#endif  // OTPGATE_SERVER_APP_SERVER_PROGRAM_H_
