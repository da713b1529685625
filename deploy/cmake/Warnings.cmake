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
