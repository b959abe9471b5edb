# Language level, warnings, hardening and the compiler cache; the same for every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

# -O3 takes a tenth longer to build and gains nothing here.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

option(OTPGATE_LONG_RUNS "Tests get the time that OTPGATE_TRIALS above 1 takes" OFF)
option(OTPGATE_SANITIZE "Comma list for -fsanitize, e.g. address,undefined" "")

find_program(OTPGATE_CCACHE ccache)
if(OTPGATE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${OTPGATE_CCACHE})
endif()

# Ours alone: generated code and system headers are not held to these.
set(OTPGATE_WARNINGS -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wextra-semi
                     -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False alarms on std::string operator+ (GCC bug 105651, mended in 13).
  list(APPEND OTPGATE_WARNINGS -Wno-restrict)
endif()

# OpenSSF compiler hardening guide, the flags g++ 12 and clang 14 share.
add_compile_options(-fstack-protector-strong -fno-omit-frame-pointer)
# No binary tells where it was built, and ccache serves every checkout.
add_compile_options("-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=")
if(OTPGATE_SANITIZE)
  # Enough for a readable stack, and sooner built.
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1 -DNDEBUG")
  add_compile_options(-fsanitize=${OTPGATE_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${OTPGATE_SANITIZE})
else()
  add_compile_options(-fstack-clash-protection -fcf-protection=full)
  add_compile_definitions($<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>
                          _GLIBCXX_ASSERTIONS)
  add_link_options(-Wl,-z,relro,-z,now -Wl,-z,noexecstack -pie)
endif()
