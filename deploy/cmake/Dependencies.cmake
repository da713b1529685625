# Every third-party library, once: each becomes dep::<name>, and no other file looks for one.
# Debian's packages are found as they are; newer builds by CMAKE_PREFIX_PATH.

set(RECOUP_MISSING "")

# recoup_dependency(<name> HEADER <file> [LIBRARIES lib...] [HINTS dir...])
# Defines dep::<name> from one header and its shared libraries, or notes it as missing.
function(recoup_dependency name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADER" "LIBRARIES;HINTS")
  set(found ON)
  find_path(RECOUP_${name}_INCLUDE ${arg_HEADER} HINTS ${arg_HINTS} PATH_SUFFIXES include)
  mark_as_advanced(RECOUP_${name}_INCLUDE)
  if(NOT RECOUP_${name}_INCLUDE)
    set(found OFF)
  endif()
  set(files "")
  foreach(library IN LISTS arg_LIBRARIES)
    find_library(RECOUP_${name}_${library} ${library} HINTS ${arg_HINTS} PATH_SUFFIXES lib)
    mark_as_advanced(RECOUP_${name}_${library})
    list(APPEND files ${RECOUP_${name}_${library}})
    if(NOT RECOUP_${name}_${library})
      set(found OFF)
    endif()
  endforeach()
  if(found)
    add_library(dep::${name} INTERFACE IMPORTED)
    target_include_directories(dep::${name} SYSTEM INTERFACE ${RECOUP_${name}_INCLUDE})
    target_link_libraries(dep::${name} INTERFACE ${files})
  else()
    set(RECOUP_MISSING ${RECOUP_MISSING} ${name} PARENT_SCOPE)
  endif()
endfunction()

# recoup_dependency_package(<name> <package> <targets...>)
# Defines dep::<name> from the targets of an already searched CMake package.
function(recoup_dependency_package name package)
  if(${package}_FOUND)
    add_library(dep::${name} INTERFACE IMPORTED)
    target_link_libraries(dep::${name} INTERFACE ${ARGN})
  else()
    set(RECOUP_MISSING ${RECOUP_MISSING} ${name} PARENT_SCOPE)
  endif()
endfunction()

find_package(Threads REQUIRED)

# Storage, hashing, vectors.
recoup_dependency(rocksdb HEADER rocksdb/db.h LIBRARIES rocksdb)
recoup_dependency(xxhash HEADER xxhash.h LIBRARIES xxhash)
recoup_dependency(hwy HEADER hwy/highway.h LIBRARIES hwy)

# The wire. gRPC's own CMake package takes 16 s on Debian 13 (it asks pkg-config about every part of abseil), so it is used
# only for a gRPC from elsewhere.
find_package(OpenSSL QUIET)
if(CMAKE_PREFIX_PATH)
  find_package(Protobuf CONFIG QUIET)
  find_package(gRPC CONFIG QUIET)
endif()
if(NOT Protobuf_FOUND)
  find_package(Protobuf QUIET)
endif()
recoup_dependency_package(crypto OPENSSL OpenSSL::Crypto)
recoup_dependency_package(ssl OPENSSL OpenSSL::SSL OpenSSL::Crypto)
recoup_dependency_package(protobuf Protobuf protobuf::libprotobuf)
if(gRPC_FOUND)
  recoup_dependency_package(grpc gRPC gRPC::grpc++)
  recoup_dependency_package(grpc_reflection gRPC gRPC::grpc++_reflection)
else()
  recoup_dependency(grpc HEADER grpcpp/grpcpp.h LIBRARIES grpc++ grpc gpr absl_synchronization)
  recoup_dependency(
    grpc_reflection HEADER grpcpp/ext/proto_server_reflection_plugin.h LIBRARIES grpc++_reflection)
endif()
foreach(target IN ITEMS dep::grpc dep::grpc_reflection)
  if(TARGET ${target})
    target_link_libraries(${target} INTERFACE protobuf::libprotobuf Threads::Threads)
  endif()
endforeach()
find_program(RECOUP_PROTOC protoc)
find_program(RECOUP_GRPC_CPP_PLUGIN grpc_cpp_plugin)
foreach(program IN ITEMS RECOUP_PROTOC RECOUP_GRPC_CPP_PLUGIN)
  if(NOT ${program})
    list(APPEND RECOUP_MISSING ${program})
  endif()
endforeach()

# Text in and out.
find_package(spdlog CONFIG QUIET)
recoup_dependency_package(spdlog spdlog spdlog::spdlog)
recoup_dependency(cli11 HEADER CLI/CLI.hpp)
recoup_dependency(toml HEADER toml++/toml.h)
recoup_dependency(json HEADER nlohmann/json.hpp)
recoup_dependency(zlib HEADER zlib.h LIBRARIES z)

# Trees, for training only.
recoup_dependency(xgboost HEADER xgboost/c_api.h LIBRARIES xgboost)

# DuckDB: not in Debian. `./dev setup` unpacks it into the user's cache; the library is copied beside the binaries.
include(DuckDB)

if(RECOUP_BUILD_TESTS)
  find_package(Catch2 3 CONFIG QUIET)
  recoup_dependency_package(catch2 Catch2 Catch2::Catch2WithMain)
endif()

if(RECOUP_MISSING)
  list(JOIN RECOUP_MISSING ", " missing)
  message(FATAL_ERROR "These dependencies were not found: ${missing}.\nTo install them, run ./dev setup")
endif()

# LibTorch, for training only and never needed to serve: without it the plug-in is left out.
include(Torch)
