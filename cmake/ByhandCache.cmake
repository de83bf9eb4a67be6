# ccache makes a second build a matter of seconds, in another clone too: paths below the project count as relative ones. With a precompiled
# header it needs to be told what may differ.
find_program(BYHAND_CCACHE ccache)
if(BYHAND_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${BYHAND_CCACHE})
endif()
