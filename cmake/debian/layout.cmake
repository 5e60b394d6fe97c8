# Run by cpack before it packs CPACK_TEMPORARY_INSTALL_DIRECTORY, the installed files: moves them to
# where Debian's policy wants them, and adds the licence and the changelog.
cmake_minimum_required(VERSION 3.25)
if(NOT CPACK_SASEO_ALL_KERNELS)
  message(FATAL_ERROR "This build has the kernels of the processor that built it alone. Pack one for every "
    "processor: cmake --preset package; cmake --build --preset package; cd build/package; cpack -G DEB")
endif()
set(usr ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr)
set(doc ${usr}/share/doc/saseo)

file(READ ${CMAKE_CURRENT_LIST_DIR}/changelog changelog LIMIT 100)
if(NOT changelog MATCHES "^saseo \\(${CPACK_PACKAGE_VERSION}\\) ")
  message(FATAL_ERROR "the first entry of cmake/debian/changelog is not of version ${CPACK_PACKAGE_VERSION}")
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/changelog ${doc}/changelog COPYONLY)
configure_file(${CMAKE_CURRENT_LIST_DIR}/copyright ${doc}/copyright COPYONLY)
file(REMOVE ${doc}/LICENSE)  # It is in /usr/share/common-licenses.

# -n: no date of packing in the file, so that the same files make the same package.
execute_process(COMMAND gzip -9n ${doc}/changelog ${usr}/share/man/man1/saseo.1
  ${usr}/share/man/ko/man1/saseo.1 COMMAND_ERROR_IS_FATAL ANY)

# Debian's zsh does not look into site-functions.
file(MAKE_DIRECTORY ${usr}/share/zsh/vendor-completions)
file(RENAME ${usr}/share/zsh/site-functions/_saseo ${usr}/share/zsh/vendor-completions/_saseo)
file(REMOVE_RECURSE ${usr}/share/zsh/site-functions)

# Stripped of symbols by cpack; compilers sign what they make in sections that nothing reads.
foreach(program bin/saseo libexec/saseo/saseo-pdf)
  execute_process(COMMAND strip --remove-section=.comment --remove-section=.note ${usr}/${program}
    COMMAND_ERROR_IS_FATAL ANY)
endforeach()
