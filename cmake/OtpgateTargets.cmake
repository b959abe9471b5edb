# For test code, which runs once: optimizing it takes longer than it saves.
function(otpgate_unoptimized target)
  target_compile_options(${target} PRIVATE $<$<NOT:$<CONFIG:Debug>>:-O0;-U_FORTIFY_SOURCE>)
endfunction()

# For code that mostly waits for others: -O1 builds faster and runs as fast.
function(otpgate_lightly_optimized target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

# Adds a library and its tests.
#
#   otpgate_library(domain SOURCES a.cc b.cc DEPENDS errors storage LIBS absl::strings TESTS a_test.cc)
#
# adds the target otpgate_domain (alias otpgate::domain) and one test program domain_test of all
# TESTS. DEPENDS names targets of this project, LIBS other ones. A library without SOURCES is
# header-only. UNOPTIMIZED and LIGHTLY_OPTIMIZED choose -O0 and -O1 where a release build gains
# nothing from -O2.
function(otpgate_library name)
  cmake_parse_arguments(A "UNOPTIMIZED;LIGHTLY_OPTIMIZED" "" "SOURCES;DEPENDS;LIBS;TESTS;TEST_DEPENDS" ${ARGN})
  list(TRANSFORM A_DEPENDS PREPEND otpgate::)
  set(target otpgate_${name})
  if(A_SOURCES)
    add_library(${target} STATIC ${A_SOURCES})
    set(scope PUBLIC)
    target_compile_options(${target} PRIVATE ${OTPGATE_WARNINGS})
    if(A_UNOPTIMIZED)
      otpgate_unoptimized(${target})
    elseif(A_LIGHTLY_OPTIMIZED)
      otpgate_lightly_optimized(${target})
    endif()
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(otpgate::${name} ALIAS ${target})
  target_include_directories(${target} ${scope} ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target} ${scope} ${A_DEPENDS} ${A_LIBS})
  if(A_TESTS)
    otpgate_test(${name}_test SOURCES ${A_TESTS} DEPENDS ${name} ${A_TEST_DEPENDS})
  endif()
endfunction()

# Adds a GoogleTest program, which is one ctest case.
#   LABELS pg        it needs a PostgreSQL installation; other tests need nothing
#   TIMEOUT seconds  120 by default; 15 times as long with OTPGATE_LONG_RUNS
function(otpgate_test name)
  cmake_parse_arguments(A "" "TIMEOUT" "SOURCES;DEPENDS;LIBS;LABELS" ${ARGN})
  list(TRANSFORM A_DEPENDS PREPEND otpgate::)
  if(NOT A_TIMEOUT)
    set(A_TIMEOUT 120)
  endif()
  if(OTPGATE_LONG_RUNS)
    math(EXPR A_TIMEOUT "${A_TIMEOUT} * 15")
  endif()
  add_executable(${name} ${A_SOURCES})
  otpgate_unoptimized(${name})
  if(OTPGATE_SANITIZE STREQUAL "thread")
    target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support/tsan_absl.cc)
    target_link_libraries(${name} PRIVATE absl::synchronization ${CMAKE_DL_LIBS})
  endif()
  target_compile_options(${name} PRIVATE ${OTPGATE_WARNINGS})
  target_link_libraries(${name} PRIVATE ${A_DEPENDS} ${A_LIBS} GTest::gmock_main)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${A_LABELS}" TIMEOUT ${A_TIMEOUT})
endfunction()

# Adds a fuzz target, a program of libFuzzer; with OTPGATE_FUZZ only. The target `fuzzers` builds all.
function(otpgate_fuzzer name)
  if(NOT OTPGATE_FUZZ)
    return()
  endif()
  cmake_parse_arguments(A "" "" "SOURCES;DEPENDS;LIBS" ${ARGN})
  list(TRANSFORM A_DEPENDS PREPEND otpgate::)
  add_executable(${name} ${A_SOURCES})
  target_compile_options(${name} PRIVATE ${OTPGATE_WARNINGS})
  target_link_libraries(${name} PRIVATE ${A_DEPENDS} ${A_LIBS})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  if(NOT TARGET fuzzers)
    add_custom_target(fuzzers)
  endif()
  add_dependencies(fuzzers ${name})
endfunction()

# Adds a program that is shipped.
function(otpgate_program name)
  cmake_parse_arguments(A "" "" "SOURCES;DEPENDS;LIBS" ${ARGN})
  list(TRANSFORM A_DEPENDS PREPEND otpgate::)
  add_executable(${name} ${A_SOURCES})
  target_compile_options(${name} PRIVATE ${OTPGATE_WARNINGS})
  target_link_libraries(${name} PRIVATE ${A_DEPENDS} ${A_LIBS})
endfunction()
