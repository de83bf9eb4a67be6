# Read by byhand_chapter(15_rag) in cmake/ByhandTargets.cmake: what this chapter alone needs goes into `libraries`.
#   SQLite 3 with FTS5: the store. hnswlib, headers only: the graph. cpp-httplib: the client of a language model's server.
find_package(SQLite3 QUIET)
find_package(Threads QUIET)
if(NOT SQLite3_FOUND)
  set(left_out "SQLite 3 is missing. Debian: libsqlite3-dev")
  return()
endif()

# The folder of a header that is installed or else fetched, in the cache as BYHAND_<NAME>_INCLUDE.
function(byhand_header name header url commit)
  string(TOUPPER ${name} variable)
  if(NOT BYHAND_FETCH)
    find_path(BYHAND_${variable}_INCLUDE ${header})
  endif()
  if(BYHAND_${variable}_INCLUDE)
    message(STATUS "${name}: ${BYHAND_${variable}_INCLUDE}")
    return()
  endif()
  message(STATUS "${name}: fetching ${url}")
  FetchContent_Declare(${name} GIT_REPOSITORY ${url} GIT_TAG ${commit})
  FetchContent_GetProperties(${name})
  if(NOT ${name}_POPULATED)
    FetchContent_Populate(${name})
  endif()
  set(BYHAND_${variable}_INCLUDE ${${name}_SOURCE_DIR} CACHE PATH "" FORCE)
endfunction()

if(NOT TARGET byhand_rag_needs)
  add_library(byhand_rag_needs INTERFACE)
  byhand_header(hnswlib hnswlib/hnswlib.h https://github.com/nmslib/hnswlib.git 7cc0ecbd43723418f43b8e73a46debbbc3940346)        # 0.6.2
  byhand_header(httplib httplib.h https://github.com/yhirose/cpp-httplib.git 7992b148969fbf8093230b37a6a36c2f61135937)           # 0.11.4
  target_include_directories(byhand_rag_needs SYSTEM INTERFACE ${BYHAND_HNSWLIB_INCLUDE} ${BYHAND_HTTPLIB_INCLUDE})
  target_link_libraries(byhand_rag_needs INTERFACE SQLite::SQLite3 Threads::Threads)
  # Debian's cpp-httplib is a header and a library; the switches it was made with change its classes, so ours must be the same.
  find_package(PkgConfig QUIET)
  if(PkgConfig_FOUND AND NOT BYHAND_FETCH)
    pkg_check_modules(HTTPLIB QUIET IMPORTED_TARGET cpp-httplib)
    if(HTTPLIB_FOUND)
      target_link_libraries(byhand_rag_needs INTERFACE PkgConfig::HTTPLIB)
    endif()
  endif()
endif()
set(libraries byhand_rag_needs)
