# RECOUP_SANITIZE=address,undefined or thread; set by the presets asan and tsan.

if(RECOUP_SANITIZE)
  add_compile_options(-fsanitize=${RECOUP_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${RECOUP_SANITIZE})
endif()
