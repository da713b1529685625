# dep::torch, straight from headers and libraries: LibTorch's own CMake package forces its language level and its protobuf
# on everybody. Sets RECOUP_WITH_TORCH to ON or OFF.

set(wanted ${RECOUP_WITH_TORCH})
set(RECOUP_WITH_TORCH OFF)
if(wanted)
  find_path(RECOUP_TORCH_INCLUDE torch/csrc/api/include/torch/torch.h)
  find_library(RECOUP_TORCH torch)
  find_library(RECOUP_TORCH_CPU torch_cpu)
  find_library(RECOUP_TORCH_C10 c10)
  if(RECOUP_TORCH_INCLUDE AND RECOUP_TORCH AND RECOUP_TORCH_CPU AND RECOUP_TORCH_C10)
    set(RECOUP_WITH_TORCH ON)
  endif()
endif()

if(RECOUP_WITH_TORCH)
  add_library(dep::torch INTERFACE IMPORTED)
  target_include_directories(
    dep::torch SYSTEM INTERFACE ${RECOUP_TORCH_INCLUDE}
                                ${RECOUP_TORCH_INCLUDE}/torch/csrc/api/include)
  target_link_libraries(dep::torch INTERFACE ${RECOUP_TORCH} ${RECOUP_TORCH_CPU} ${RECOUP_TORCH_C10})
  message(STATUS "LibTorch: ${RECOUP_TORCH_CPU}")
elseif(wanted STREQUAL AUTO OR NOT wanted)
  message(STATUS "LibTorch: none; gnn, training and export are left out")
else()
  message(FATAL_ERROR "LibTorch was asked for and not found.\nTo install it, run ./dev setup")
endif()
