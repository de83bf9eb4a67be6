# The flags everything is built with, and the three kinds of target: the common library, a chapter, a test program.
include(CheckCXXSourceRuns)

add_library(byhand_flags INTERFACE)
target_include_directories(byhand_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(byhand_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow $<$<BOOL:${BYHAND_WERROR}>:-Werror> -fopenmp-simd
  -fno-math-errno -fno-trapping-math     # lets the compiler vectorise exp and tanh; infinities and NaN keep their meaning
  -ffp-contract=off                      # a * b + c rounds twice on every compiler and processor, as it does in PyTorch
  $<$<CXX_COMPILER_ID:GNU>:-fno-new-ttp-matching>  # xtensor 0.24 with C++20: see common/tensor/xtensor.hpp
  $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>       # lets ccache work with a precompiled header
  # g++ 12 sees overflows inside std::string at -O3 that are not there
  $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds> $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  $<$<CXX_COMPILER_ID:Clang>:-Wno-pass-failed>     # a loop it could not vectorise is not a mistake
  $<$<CONFIG:Release>:$<IF:$<BOOL:$<TARGET_PROPERTY:BYHAND_CHECKS>>,-O1,-O3>>)  # a program that checks: see byhand_checks
target_link_libraries(byhand_flags INTERFACE xtl xtensor xtensor-blas fmt::fmt nlohmann_json::nlohmann_json byhand_blas)

if(BYHAND_NATIVE)
  # Only where this processor has AVX2 and FMA: a program that dies with SIGILL teaches nothing.
  check_cxx_source_runs("int main() { return __builtin_cpu_supports(\"avx2\") && __builtin_cpu_supports(\"fma\") ? 0 : 1; }" BYHAND_CPU_HAS_AVX2)
  if(BYHAND_CPU_HAS_AVX2)
    target_compile_options(byhand_flags INTERFACE -march=x86-64-v3)
  endif()
endif()

if(BYHAND_OPENMP)
  find_package(OpenMP QUIET COMPONENTS CXX)
  if(NOT OpenMP_CXX_FOUND)
    message(STATUS "OpenMP: not found, loops run on one thread")
  endif()
endif()

# One file knows OpenMP and one knows where the project lies, so that all others share one precompiled header and one cache.
set_source_files_properties(${PROJECT_SOURCE_DIR}/common/system/files.cpp PROPERTIES COMPILE_DEFINITIONS BYHAND_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
if(OpenMP_CXX_FOUND)
  set_source_files_properties(${PROJECT_SOURCE_DIR}/common/system/parallel.cpp PROPERTIES
    COMPILE_OPTIONS "${OpenMP_CXX_FLAGS}" COMPILE_DEFINITIONS BYHAND_OPENMP SKIP_PRECOMPILE_HEADERS ON)
endif()

# Run once a program, and without loops over data: a reader's first build need not wait for -O3 (4.4 s, with -O1 2.7 s).
set_source_files_properties(${PROJECT_SOURCE_DIR}/common/app/options.cpp PROPERTIES COMPILE_OPTIONS "$<$<CONFIG:Release>:-O1>")

if(TARGET DNNL::dnnl)
  set_source_files_properties(${PROJECT_SOURCE_DIR}/common/fast/kernels/gemm.cpp PROPERTIES COMPILE_DEFINITIONS BYHAND_ONEDNN)
  target_link_libraries(byhand_flags INTERFACE DNNL::dnnl)
endif()

if(BYHAND_SHARED)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
endif()

add_library(byhand_flags_double INTERFACE)
target_link_libraries(byhand_flags_double INTERFACE byhand_flags)
target_compile_definitions(byhand_flags_double INTERFACE BYHAND_DOUBLE)

# Programs that check are compiled with -O1: half the work for the compiler, and what they check is compiled as always.
function(byhand_checks target)
  set_target_properties(${target} PROPERTIES BYHAND_CHECKS ON)
endfunction()

# Each test runs with one thread and may not read the reader's settings.
set(BYHAND_TEST_ENVIRONMENT "OMP_NUM_THREADS=1;OMP_WAIT_POLICY=passive;BYHAND_HOME=${PROJECT_SOURCE_DIR}")

# byhand_test(NAME name SOURCES a.cpp … [LIBRARIES …] [LABELS …]): one doctest program in float and one in double.
function(byhand_test)
  cmake_parse_arguments(arg "" "NAME" "SOURCES;LIBRARIES;LABELS" ${ARGN})
  set(precisions float)
  if(BYHAND_DOUBLE)
    list(APPEND precisions double)
  endif()
  foreach(precision IN LISTS precisions)
    set(target ${arg_NAME}_${precision})
    set(suffix "")
    if(precision STREQUAL double)
      set(suffix _double)
    endif()
    add_executable(${target} EXCLUDE_FROM_ALL ${arg_SOURCES})
    target_link_libraries(${target} PUBLIC byhand_doctest_main)
    foreach(library IN LISTS arg_LIBRARIES)
      target_link_libraries(${target} PUBLIC ${library}${suffix})
    endforeach()
    byhand_link(${target} "${suffix}" ${arg_SOURCES})
    byhand_precompiled(${target} "${suffix}")
    byhand_checks(${target})
    set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL FALSE RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
    add_test(NAME ${target} COMMAND ${target})
    set_tests_properties(${target} PROPERTIES ENVIRONMENT "${BYHAND_TEST_ENVIRONMENT}" LABELS "${arg_LABELS};${precision}")
    foreach(label IN LISTS arg_LABELS)  # `cmake --build build --target tests_lstm` builds just what `byhand test lstm` runs
      if(NOT TARGET tests_${label})
        add_custom_target(tests_${label})
      endif()
      add_dependencies(tests_${label} ${target})
    endforeach()
  endforeach()
endfunction()

# byhand_chapter(08_lstm): the .cpp files of chapters/08_lstm and its subfolders without main.cpp and exercises/ as a library in float and double (the tests call it),
# the program 08_lstm, its tests in tests/chapters/08_lstm_test.cpp, and its output against expected.txt. A chapter that needs more than
# common/ has a file link.cmake, which sets `libraries`, or `left_out` to what is missing, or `slow` when sanitizers take too long.
function(byhand_chapter chapter)
  string(REGEX REPLACE "^[0-9]+_" "" label ${chapter})
  set(folder ${PROJECT_SOURCE_DIR}/chapters/${chapter})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  list(REMOVE_ITEM sources ${folder}/main.cpp)
  list(FILTER sources EXCLUDE REGEX "/exercises/")
  set(libraries "")
  set(left_out "")
  set(slow FALSE)
  include(${folder}/link.cmake OPTIONAL)
  if(left_out)
    message(STATUS "${chapter} is left out: ${left_out}")
    return()
  endif()
  foreach(suffix "" _double)
    if(suffix AND NOT BYHAND_DOUBLE)
      continue()
    endif()
    add_library(chapter_${label}${suffix} STATIC EXCLUDE_FROM_ALL ${sources})
    target_link_libraries(chapter_${label}${suffix} PUBLIC ${libraries})
    byhand_link(chapter_${label}${suffix} "${suffix}" ${sources})
    byhand_precompiled(chapter_${label}${suffix} "${suffix}")
  endforeach()
  add_executable(${chapter} ${folder}/main.cpp)
  target_link_libraries(${chapter} PUBLIC chapter_${label})
  byhand_link(${chapter} "" ${folder}/main.cpp)
  byhand_precompiled(${chapter} "")
  set_target_properties(${chapter} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  set(test ${PROJECT_SOURCE_DIR}/tests/chapters/${chapter}_test.cpp)
  if(BYHAND_TESTS AND EXISTS ${test})
    set_property(GLOBAL APPEND PROPERTY BYHAND_CHAPTERS ${chapter})
    set_property(GLOBAL PROPERTY BYHAND_SLOW_${chapter} ${slow})
  endif()
endfunction()
