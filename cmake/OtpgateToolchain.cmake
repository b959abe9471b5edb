# Language level, warnings, hardening and the compiler cache; the same for every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

# -O3 takes a tenth longer to build and the server is no faster.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

option(OTPGATE_LONG_RUNS "Tests get the time that OTPGATE_TRIALS above 1 takes" OFF)
option(OTPGATE_FUZZ "Builds the fuzz targets; needs clang" OFF)
set(OTPGATE_SANITIZE "" CACHE STRING "Comma list for -fsanitize, e.g. address,undefined")

find_program(OTPGATE_CCACHE ccache)
if(OTPGATE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${OTPGATE_CCACHE})
endif()

# For the code of this project only, not for generated code or system headers.
set(OTPGATE_WARNINGS -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wextra-semi
                     -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False alarms on std::string operator+ (GCC bug 105651, fixed in 13).
  list(APPEND OTPGATE_WARNINGS -Wno-restrict)
  if(CMAKE_UNITY_BUILD)
    # A unity build includes source files, so g++ takes the coroutine frames in them for types of a
    # header.
    list(APPEND OTPGATE_WARNINGS -Wno-subobject-linkage)
  endif()
endif()

# The flags of the OpenSSF compiler hardening guide that both g++ 12 and clang 14 know.
add_compile_options(-fstack-protector-strong -fno-omit-frame-pointer)
# Binaries do not contain the path of the checkout, and all checkouts share one ccache.
add_compile_options("-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=")
if(OTPGATE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)  # counts which code an input reaches
endif()
if(OTPGATE_SANITIZE)
  # Enough for readable stacks, and faster to build.
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1 -DNDEBUG")
  add_compile_options(-fsanitize=${OTPGATE_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${OTPGATE_SANITIZE})
else()
  add_compile_options(-fstack-clash-protection -fcf-protection=full)
  add_compile_definitions($<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>
                          _GLIBCXX_ASSERTIONS)
  add_link_options(-Wl,-z,relro,-z,now -Wl,-z,noexecstack -pie)
endif()
