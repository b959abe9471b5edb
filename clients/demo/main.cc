#include <cstdio>
#include <string>

#include "clients/demo/demo.h"

// otpgate-demo ADDRESS [PHONE EMAIL]: signs a phone number and an e-mail address in, each as a live
// and as a demo user. Exits with 0 when every answer was as it should be.
int main(int argc, char** argv) {
  if (argc != 2 && argc != 4) {
    std::fprintf(stderr, "usage: otpgate-demo ADDRESS [PHONE EMAIL]\n");
    return 2;
  }
  const std::string phone = argc == 4 ? argv[2] : "+14155550123";
  const std::string email = argc == 4 ? argv[3] : "test@example.com";
  for (const std::string& identifier : {phone, email}) {
    for (const bool demo_user : {false, true}) {
      const absl::Status status = otpgate::demo::SignIn(argv[1], {identifier, demo_user});
      if (!status.ok()) {
        std::fprintf(stderr, "otpgate-demo: %s\n", std::string(status.message()).c_str());
        return 1;
      }
    }
  }
  std::printf("\nAll answers were as they should be.\n");
  return 0;
}
