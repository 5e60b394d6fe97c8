# Build options and the flags that all targets share.
set(SASEO_SANITIZE "" CACHE STRING "Sanitizers to build with, such as address,undefined or thread")
option(SASEO_COVERAGE "Count covered lines (gcov) of the folders that cmake/coverage.sh reports" OFF)
option(SASEO_FUZZ "Build the libFuzzer programs, too (clang and SASEO_SANITIZE=address,undefined)" OFF)
option(SASEO_BENCH "Build the benchmarks" ON)
# Several sources of a folder are compiled as one: the headers that they share are read once, which
# is most of what compiling costs. OFF: a change recompiles its own file alone.
option(SASEO_UNITY "Compile the sources of a folder together" ON)
set(SASEO_UNITY_SOURCES 60 CACHE STRING "Sources that are compiled as one")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

# -O2 compiles in half of -O3's time and runs as fast: what computes much, the kernels, asks for
# -O3 itself (kernels.cmake).
if(CMAKE_CXX_FLAGS_RELEASE STREQUAL "-O3 -DNDEBUG")
  set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(saseo_flags INTERFACE)
target_compile_options(saseo_flags INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers -ffp-contract=off
  # Of sources compiled together g++ takes each for a header, whose types others might see.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-subobject-linkage>)
target_include_directories(saseo_flags INTERFACE ${PROJECT_SOURCE_DIR})
# With sanitizers, unoptimised code takes half the time to compile; what computes much is optimised.
set(SASEO_HOT_OPTIONS "")
if(SASEO_SANITIZE)
  set(SASEO_HOT_OPTIONS -O1)
endif()
if(SASEO_SANITIZE)
  target_compile_options(saseo_flags INTERFACE
    -fsanitize=${SASEO_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
    # These want type information that poppler keeps to itself (saseo-pdf).
    -fno-sanitize=vptr$<$<CXX_COMPILER_ID:Clang>:,function>)
  # Compilers tell sources of it by names of their own.
  if(SASEO_SANITIZE MATCHES thread)
    set(sanitizer THREAD)
  else()
    set(sanitizer ADDRESS)
  endif()
  target_compile_definitions(saseo_flags INTERFACE _GLIBCXX_ASSERTIONS
    SASEO_${sanitizer}_SANITIZER)
  target_link_options(saseo_flags INTERFACE -fsanitize=${SASEO_SANITIZE})
endif()
if(SASEO_COVERAGE)
  target_link_options(saseo_flags INTERFACE --coverage)
endif()
if(SASEO_FUZZ)
  target_compile_options(saseo_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# The target's sources are compiled together, but those with options of their own.
function(saseo_compile_together target)
  set_target_properties(${target} PROPERTIES
    UNITY_BUILD ${SASEO_UNITY} UNITY_BUILD_BATCH_SIZE ${SASEO_UNITY_SOURCES})
endfunction()

# For code that computes little: -O1 compiles in three quarters of the time of -O2.
set(SASEO_COLD_OPTIONS "")
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT SASEO_SANITIZE)
  set(SASEO_COLD_OPTIONS -O1)
endif()

# saseo_library(NAME [HOT|COLD] DEPENDS target...): the sources of the folder and of its rooms, but for
# rooms that have a CMakeLists.txt or whose sources have options of their own (kernels.cmake), as the
# target saseo::NAME; HOT: it computes much; COLD: little.
function(saseo_library name)
  cmake_parse_arguments(ARG "HOT;COLD" "" "DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} *.cpp *.h */*.cpp */*.h)
  list(FILTER sources EXCLUDE REGEX "^(kernels|pdf_helper)/")
  add_library(saseo_${name} STATIC ${sources})
  add_library(saseo::${name} ALIAS saseo_${name})
  target_link_libraries(saseo_${name} PUBLIC saseo_flags ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE_DEPENDS})
  saseo_compile_together(saseo_${name})
  if(ARG_HOT)
    target_compile_options(saseo_${name} PRIVATE ${SASEO_HOT_OPTIONS})
  endif()
  if(ARG_COLD)
    target_compile_options(saseo_${name} PRIVATE ${SASEO_COLD_OPTIONS})
  endif()
  if(SASEO_COVERAGE AND name MATCHES "^(ingest|index|retrieval|generation|eval|app)$")
    # Atomic: threads of one process and processes of one test count into the same file.
    target_compile_options(saseo_${name} PRIVATE --coverage -fprofile-update=atomic)
  endif()
endfunction()

# saseo_embed_texts(NAME file...): each of the folder's text files as a string literal that the sources
# of saseo::NAME #include as "FOLDER/FILE.inc". The program reads no such file when it runs.
function(saseo_embed_texts name)
  cmake_path(GET CMAKE_CURRENT_SOURCE_DIR FILENAME folder)
  set(embed ${PROJECT_SOURCE_DIR}/cmake/embed_text.cmake)
  foreach(file ${ARGN})
    set(text ${CMAKE_CURRENT_BINARY_DIR}/embedded/${folder}/${file}.inc)
    add_custom_command(OUTPUT ${text}
      COMMAND ${CMAKE_COMMAND} -DFROM=${CMAKE_CURRENT_SOURCE_DIR}/${file} -DTO=${text} -P ${embed}
      DEPENDS ${file} ${embed})
    target_sources(saseo_${name} PRIVATE ${text})
  endforeach()
  target_include_directories(saseo_${name} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/embedded)
endfunction()
