# Faster builds where the machine has the tools: ccache remembers objects, mold or lld links. And the same bytes everywhere.

find_program(RECOUP_CCACHE ccache)
if(RECOUP_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # What ccache asks for before it remembers anything compiled with a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
                                  ${RECOUP_CCACHE})
endif()

foreach(linker IN ITEMS mold lld)
  find_program(RECOUP_LINKER_${linker} NAMES ld.${linker} ${linker})
  if(RECOUP_LINKER_${linker})
    add_link_options(-fuse-ld=${linker})
    break()
  endif()
endforeach()

# Where the processor has fused multiply-add without being asked for it, GCC uses it, and the same model would give other
# bytes than elsewhere.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  add_compile_options(-ffp-contract=off)
endif()
