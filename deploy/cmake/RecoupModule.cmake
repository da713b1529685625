# One call per folder, so that a folder's CMakeLists.txt says only what is in it and what it uses.

# recoup_module(<name> [SOURCES ...] HEADERS ... [PUBLIC dep...] [PRIVATE dep...])
# Builds the static library recoup_<name>, known as recoup::<name>; header-only if it has no SOURCES.
# <name> is the folder with underscores: graph/store is graph_store.
function(recoup_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;HEADERS;PUBLIC;PRIVATE")
  recoup_no_leftovers("${arg_UNPARSED_ARGUMENTS}" "recoup_module(${name})")
  set(target recoup_${name})
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    set(scope PUBLIC)
    target_link_libraries(
      ${target}
      PUBLIC ${arg_PUBLIC}
      PRIVATE ${arg_PRIVATE} recoup::warnings)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
    target_link_libraries(${target} INTERFACE ${arg_PUBLIC} ${arg_PRIVATE})
  endif()
  add_library(recoup::${name} ALIAS ${target})
  target_compile_features(${target} ${scope} cxx_std_20)
  target_include_directories(${target} ${scope} ${PROJECT_SOURCE_DIR})
  target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}
                                    FILES ${arg_HEADERS})
endfunction()

# recoup_executable(<name> SOURCES ... DEPS ...)
# Builds bin/<name>.
function(recoup_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS")
  recoup_no_leftovers("${arg_UNPARSED_ARGUMENTS}" "recoup_executable(${name})")
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} recoup::warnings)
endfunction()

# recoup_test(<name> SOURCES ... DEPS ... [LABELS ...] [TIMEOUT seconds])
# Builds bin/<name> with Catch2 and registers it as one ctest test, run from the project root. Label `long` keeps it out of
# the everyday run and gives it more time; without labels it is `unit`.
function(recoup_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;DEPS;LABELS")
  recoup_no_leftovers("${arg_UNPARSED_ARGUMENTS}" "recoup_test(${name})")
  recoup_executable(${name} SOURCES ${arg_SOURCES} DEPS ${arg_DEPS} dep::catch2)
  if(NOT arg_LABELS)
    set(arg_LABELS unit)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
    if("long" IN_LIST arg_LABELS)
      set(arg_TIMEOUT 1800)
    endif()
  endif()
  add_test(NAME ${name} COMMAND ${name} --colour-mode none)
  set_tests_properties(
    ${name} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT}
                       WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endfunction()

# Stops on a misspelt keyword instead of ignoring it.
function(recoup_no_leftovers leftovers where)
  if(leftovers)
    message(FATAL_ERROR "${where}: unknown arguments: ${leftovers}")
  endif()
endfunction()
