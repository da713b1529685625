# recoup::warnings: what our own code is compiled with. Generated code does not link it.

add_library(recoup_warnings INTERFACE)
add_library(recoup::warnings ALIAS recoup_warnings)
target_compile_options(
  recoup_warnings
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Werror=unused-result
            $<$<BOOL:${RECOUP_WARNINGS_AS_ERRORS}>:-Werror>)

# GCC computes these after inlining, and is wrong about libstdc++'s and LibTorch's own code in ways
# that change with the version (12 on std::string::insert, 14 on std::vector<bool>). They are shown,
# but stop nothing.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(
    recoup_warnings INTERFACE -Wno-error=array-bounds -Wno-error=restrict
                              -Wno-error=stringop-overflow -Wno-error=maybe-uninitialized)
  # It takes every reference that a function with a temporary argument returns for one into it.
  if(CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
    target_compile_options(recoup_warnings INTERFACE -Wno-dangling-reference)
  endif()
endif()
