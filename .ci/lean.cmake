# Only the library proper: llama-cpp-python switches this cache variable on, and a plain variable hides it.
set(LLAMA_BUILD_COMMON OFF)
