# dep::duckdb: looks in RECOUP_DUCKDB_ROOT, then in the cache that `./dev setup` fills, then in the system.

file(STRINGS ${PROJECT_SOURCE_DIR}/deploy/setup/duckdb.lock lock
     REGEX "^library ${CMAKE_SYSTEM_PROCESSOR} ")
string(REGEX REPLACE "^library [^ ]+ ([^ ]+) .*" "\\1" RECOUP_DUCKDB_VERSION "${lock}")
if(DEFINED ENV{XDG_CACHE_HOME})
  set(cache $ENV{XDG_CACHE_HOME})
else()
  set(cache $ENV{HOME}/.cache)
endif()
set(RECOUP_DUCKDB_ROOT ${cache}/recoup/duckdb-${RECOUP_DUCKDB_VERSION}
    CACHE PATH "Folder with include/duckdb.h and lib/libduckdb.so")

recoup_dependency(duckdb HEADER duckdb.h LIBRARIES duckdb HINTS ${RECOUP_DUCKDB_ROOT})
if(TARGET dep::duckdb)
  set(copy ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/libduckdb.so)
  file(MAKE_DIRECTORY ${CMAKE_LIBRARY_OUTPUT_DIRECTORY})
  file(COPY_FILE ${RECOUP_duckdb_duckdb} ${copy} ONLY_IF_DIFFERENT)
  set_target_properties(dep::duckdb PROPERTIES INTERFACE_LINK_LIBRARIES ${copy})
endif()
