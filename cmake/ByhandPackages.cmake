# Every package is taken from the system when it is installed, otherwise fetched from its upstream repository at a pinned commit
# (that path needs the network). -DBYHAND_FETCH=ON fetches all of them, installed or not.
include(FetchContent)
option(BYHAND_FETCH "Fetch the header packages even when they are installed" OFF)

# byhand_package(NAME PACKAGE TARGET URL COMMIT [HEADERS]): find_package(PACKAGE), or fetch it; either way TARGET exists afterwards.
# HEADERS: there is nothing to build, and the package's own CMake files, which ask for a newer CMake than we do, are not used.
macro(byhand_package name package target url commit)
  if(NOT BYHAND_FETCH)
    find_package(${package} QUIET)
  endif()
  if(TARGET ${target})
    message(STATUS "${name}: ${${package}_VERSION} installed")
  else()
    message(STATUS "${name}: fetching ${url}")
    FetchContent_Declare(${name} GIT_REPOSITORY ${url} GIT_TAG ${commit})
    if("${ARGN}" STREQUAL "HEADERS")
      FetchContent_GetProperties(${name})
      if(NOT ${name}_POPULATED)
        FetchContent_Populate(${name})
      endif()
      add_library(${target} INTERFACE IMPORTED)
      target_include_directories(${target} INTERFACE ${${name}_SOURCE_DIR}/include)
    else()
      FetchContent_MakeAvailable(${name})
      get_target_property(byhand_aliased ${target} ALIASED_TARGET)  # warnings in its headers are not ours
      get_target_property(byhand_headers ${byhand_aliased} INTERFACE_INCLUDE_DIRECTORIES)
      set_target_properties(${byhand_aliased} PROPERTIES INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${byhand_headers}")
    endif()
  endif()
endmacro()

byhand_package(xtl xtl xtl https://github.com/xtensor-stack/xtl.git c52350e283b98e5d69dbc50726925a1f8e16c57c HEADERS)                  # 0.8.2
byhand_package(xtensor xtensor xtensor https://github.com/xtensor-stack/xtensor.git f115228a7fc277b9be1bef34572831f8fd53ac73 HEADERS)  # 0.27.1

# BLAS: OpenBLAS by name, so that the reference BLAS, 15 times slower, is never taken silently. Without any BLAS, xtensor-blas has loops.
option(BYHAND_BLAS "Use a BLAS when one is installed" ON)
if(NOT BYHAND_BLAS)
  set(BLAS_FOUND FALSE)
elseif(NOT BLA_VENDOR)
  set(BLA_VENDOR OpenBLAS)
  find_package(BLAS QUIET)
  if(NOT BLAS_FOUND)
    unset(BLA_VENDOR)
    find_package(BLAS QUIET)
  endif()
else()
  find_package(BLAS QUIET)
endif()
add_library(byhand_blas INTERFACE)
if(BLAS_FOUND)
  target_link_libraries(byhand_blas INTERFACE ${BLAS_LIBRARIES})
  message(STATUS "BLAS: ${BLAS_LIBRARIES}")
else()
  target_compile_definitions(byhand_blas INTERFACE XTENSOR_USE_FLENS_BLAS=1)  # xtensor-blas's own loops
  message(STATUS "BLAS: none, matrix products will be slow")
endif()

# oneDNN, when it is installed: faster large products. Nothing needs it.
option(BYHAND_ONEDNN "Use oneDNN for large matrix products when it is installed" ON)
if(BYHAND_ONEDNN)
  find_package(dnnl QUIET)
endif()
if(TARGET DNNL::dnnl)
  message(STATUS "oneDNN: ${dnnl_VERSION} installed")
else()
  message(STATUS "oneDNN: not used")
endif()

byhand_package(xtensor-blas xtensor-blas xtensor-blas https://github.com/xtensor-stack/xtensor-blas.git 836a8047413eb64ce8e034ab6ab7ce1608562bfc HEADERS)  # 0.23.0
byhand_package(fmt fmt fmt::fmt https://github.com/fmtlib/fmt.git a33701196adfad74917046096bf5a2aa0ab0bb50)                               # 9.1.0
byhand_package(cli11 CLI11 CLI11::CLI11 https://github.com/CLIUtils/CLI11.git 291c58789c031208f08f4f261a858b5b7083e8e2)                      # 2.3.2
byhand_package(json nlohmann_json nlohmann_json::nlohmann_json https://github.com/nlohmann/json.git bc889afb4c5bf1c0d8ee29ef35eaaf4c8bef8a5d)  # 3.11.2

# utf8proc: Unicode's tables. Debian's package has no CMake files, so header and library are looked for; fetched, its one C file is compiled
# by us, since its own CMakeLists.txt asks for a CMake so old that CMake 4 refuses it.
if(NOT BYHAND_FETCH)
  find_path(UTF8PROC_INCLUDE utf8proc.h)
  find_library(UTF8PROC_LIBRARY utf8proc)
endif()
add_library(byhand_utf8proc INTERFACE)
if(UTF8PROC_INCLUDE AND UTF8PROC_LIBRARY)
  message(STATUS "utf8proc: ${UTF8PROC_LIBRARY}")
  target_include_directories(byhand_utf8proc SYSTEM INTERFACE ${UTF8PROC_INCLUDE})
  target_link_libraries(byhand_utf8proc INTERFACE ${UTF8PROC_LIBRARY})
else()
  message(STATUS "utf8proc: fetching https://github.com/JuliaStrings/utf8proc.git")
  FetchContent_Declare(utf8proc GIT_REPOSITORY https://github.com/JuliaStrings/utf8proc.git GIT_TAG 1cb28a66ca79a0845e99433fd1056257456cef8b)  # 2.8.0
  FetchContent_GetProperties(utf8proc)
  if(NOT utf8proc_POPULATED)
    FetchContent_Populate(utf8proc)
  endif()
  enable_language(C)
  add_library(utf8proc STATIC ${utf8proc_SOURCE_DIR}/utf8proc.c)
  target_compile_definitions(utf8proc PUBLIC UTF8PROC_STATIC)
  target_include_directories(utf8proc SYSTEM PUBLIC ${utf8proc_SOURCE_DIR})
  target_link_libraries(byhand_utf8proc INTERFACE utf8proc)
endif()

# Google Benchmark, when it is installed: `byhand bench kernels`. Nothing else needs it.
find_package(benchmark QUIET)
if(TARGET benchmark::benchmark)
  message(STATUS "Google Benchmark: ${benchmark_VERSION} installed")
else()
  message(STATUS "Google Benchmark: not used")
endif()

if(BYHAND_TESTS)
  byhand_package(doctest doctest doctest::doctest https://github.com/doctest/doctest.git ae7a13539fb71f270b87eb2e874fbac80bc8dda2)       # 2.4.11
endif()
