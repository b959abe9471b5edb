# Everything comes from Debian 12 packages; deploy/lib/packages.txt lists them.
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(Protobuf REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(GTest CONFIG REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tl-expected CONFIG REQUIRED)
find_package(tomlplusplus CONFIG REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(PQ REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(PQXX REQUIRED IMPORTED_TARGET libpqxx)
pkg_check_modules(IDN2 REQUIRED IMPORTED_TARGET libidn2)
find_library(PHONENUMBER_LIBRARY phonenumber REQUIRED)
# The allocator of the server: glibc's takes a tenth more CPU per call. Sanitizers have their own.
find_library(OTPGATE_TCMALLOC libtcmalloc_minimal.so.4)
if(OTPGATE_SANITIZE)
  set(OTPGATE_ALLOCATOR "")
elseif(OTPGATE_TCMALLOC)
  set(OTPGATE_ALLOCATOR ${OTPGATE_TCMALLOC})
else()
  message(FATAL_ERROR "libtcmalloc_minimal.so.4, the allocator of otpgate-server, not found: "
                      "install libtcmalloc-minimal4")
endif()

# The .proto files of google/api and google/rpc, from golang-github-gogo-googleapis-dev.
set(OTPGATE_GOOGLEAPIS /usr/share/gocode/src/github.com/gogo/googleapis
    CACHE PATH "Folder with google/api/annotations.proto")
if(NOT EXISTS ${OTPGATE_GOOGLEAPIS}/google/api/annotations.proto)
  message(FATAL_ERROR "google/api/annotations.proto not found: install golang-github-gogo-googleapis-dev")
endif()

# grpc/health/v1/health.proto (grpc-proto).
set(OTPGATE_GRPC_PROTO /usr/share/grpc-proto CACHE PATH "Folder with grpc/health/v1/health.proto")
if(NOT EXISTS ${OTPGATE_GRPC_PROTO}/grpc/health/v1/health.proto)
  message(FATAL_ERROR "grpc/health/v1/health.proto not found: install grpc-proto")
endif()
