# A wheel for every x86-64 machine: one library for each generation of CPUs, of which the process that
# loads the model takes the best one that its CPU can run.
include(${CMAKE_CURRENT_LIST_DIR}/lean.cmake)
set(GGML_NATIVE OFF)
set(GGML_BACKEND_DL ON)
set(GGML_CPU_ALL_VARIANTS ON)
# Threads of OpenMP: those of ggml itself wait in a loop, and on a busy machine for seconds on end.
# Its library comes along, since not every machine has one; the C++ library is linked in.
set(GGML_OPENMP ON)
execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=libgomp.so.1
  OUTPUT_VARIABLE GOMP OUTPUT_STRIP_TRAILING_WHITESPACE)
file(REAL_PATH ${GOMP} GOMP)
install(FILES ${GOMP} DESTINATION llama_cpp/lib RENAME libgomp.so.1)
set(CMAKE_SHARED_LINKER_FLAGS "${CMAKE_SHARED_LINKER_FLAGS} -static-libstdc++ -static-libgcc")
set(CMAKE_MODULE_LINKER_FLAGS "${CMAKE_MODULE_LINKER_FLAGS} -static-libstdc++ -static-libgcc")
# A wheel cannot hold symbolic links: with versions in their names each library would be in it six times.
set(CMAKE_PLATFORM_NO_VERSIONED_SONAME ON)
set(CMAKE_INSTALL_LIBDIR llama_cpp/lib)
set(CMAKE_INSTALL_BINDIR llama_cpp/lib)
set(CMAKE_INSTALL_INCLUDEDIR llama_cpp/include)
set(CMAKE_INSTALL_RPATH "$ORIGIN")
