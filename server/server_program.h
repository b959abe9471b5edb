#ifndef OTPGATE_SERVER_SERVER_PROGRAM_H_
#define OTPGATE_SERVER_SERVER_PROGRAM_H_

#include <string>
#include <vector>

#include "server/app.h"

namespace otpgate {

// The life of the program otpgate-server, to be called once by main: takes flags, environment and
// file, serves until SIGTERM or SIGINT, then drains. `args` are without the program's name. Returns
// the exit code: 0 in order, 1 cannot serve, 2 cannot be understood.
int RunServerProgram(const std::vector<std::string>& args, AppExtras extras = {});

}  // namespace otpgate

#endif  // OTPGATE_SERVER_SERVER_PROGRAM_H_
