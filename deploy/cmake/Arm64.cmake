# Compiles a few sources for ARM64 on an x86-64 machine, to run them under an emulator in a test. By hand and not as
# a second CMake project: these need the standard library and Highway's headers, and nothing that Debian has once
# per architecture. Sets RECOUP_ARM64_MISSING to what keeps it from working, or to nothing.

set(RECOUP_WITH_ARM AUTO CACHE STRING "Check the kernels on an emulated ARM64: AUTO (if the tools are there), ON or OFF")

set(RECOUP_ARM64_MISSING "")
if(NOT RECOUP_WITH_ARM)
  set(RECOUP_ARM64_MISSING "RECOUP_ARM=OFF leaves ARM64 out")
elseif(NOT CMAKE_SYSTEM_PROCESSOR STREQUAL x86_64)
  set(RECOUP_ARM64_MISSING "the comparison with ARM64 starts from x86-64, and this is ${CMAKE_SYSTEM_PROCESSOR}")
else()
  find_program(RECOUP_ARM64_CXX aarch64-linux-gnu-g++)
  find_program(RECOUP_ARM64_QEMU NAMES qemu-aarch64 qemu-aarch64-static)
  mark_as_advanced(RECOUP_ARM64_CXX RECOUP_ARM64_QEMU)
  if(NOT RECOUP_ARM64_CXX OR NOT RECOUP_ARM64_QEMU)
    set(RECOUP_ARM64_MISSING
        "no ARM64 cross compiler or no emulator. To install both and run this, RECOUP_ARM=ON ./dev test")
  endif()
endif()

if(NOT RECOUP_ARM64_MISSING)
  # With all that an ARM64 processor may have.
  set(RECOUP_ARM64_EMULATOR ${RECOUP_ARM64_QEMU} -cpu max)
  message(STATUS "ARM64: ${RECOUP_ARM64_CXX}, ${RECOUP_ARM64_QEMU}")
elseif(RECOUP_WITH_ARM STREQUAL AUTO OR NOT RECOUP_WITH_ARM)
  message(STATUS "ARM64: ${RECOUP_ARM64_MISSING}")
else()
  message(FATAL_ERROR "ARM64 was asked for: ${RECOUP_ARM64_MISSING}")
endif()

# recoup_arm64_executable(<name> SOURCES <full path>... [OPTIONS ...])
# Builds bin/<name> for ARM64, statically linked, so that an emulator needs no ARM64 libraries.
function(recoup_arm64_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;OPTIONS")
  recoup_no_leftovers("${arg_UNPARSED_ARGUMENTS}" "recoup_arm64_executable(${name})")
  # -I and not -isystem: GCC leaves a folder out that it searches anyway, such as /usr/include.
  set(options -std=c++20 -O2 -I${PROJECT_SOURCE_DIR} -I${RECOUP_hwy_INCLUDE} ${arg_OPTIONS})
  set(objects "")
  foreach(source IN LISTS arg_SOURCES)
    file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR} ${source})
    set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}.dir/${path}.o)
    cmake_path(GET object PARENT_PATH folder)
    file(MAKE_DIRECTORY ${folder})
    add_custom_command(
      OUTPUT ${object}
      COMMAND ${CMAKE_CXX_COMPILER_LAUNCHER} ${RECOUP_ARM64_CXX} ${options} -MD -MF ${object}.d -c
              ${source} -o ${object}
      DEPENDS ${source}
      DEPFILE ${object}.d
      COMMENT "Building ARM64 object ${path}"
      VERBATIM)
    list(APPEND objects ${object})
  endforeach()
  set(program ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/${name})
  add_custom_command(
    OUTPUT ${program}
    COMMAND ${RECOUP_ARM64_CXX} -static ${objects} -o ${program}
    DEPENDS ${objects}
    COMMENT "Linking ARM64 program ${name}"
    VERBATIM)
  add_custom_target(${name} ALL DEPENDS ${program})
endfunction()
