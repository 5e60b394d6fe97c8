# `cpack -G DEB` in build/package makes saseo_<version>_<architecture>.deb, a package for Debian 12
# of what `cmake --install` installs, laid out as Debian wants it by cmake/debian/layout.cmake.
# `cmake/bare_debian.sh deb FILE.deb` tries it.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME saseo)
set(CPACK_PACKAGE_CONTACT "Saseo developers <saseo@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "answers questions about device manuals, with the page")
set(CPACK_PACKAGE_DESCRIPTION
"Saseo reads device manuals (PDF, Markdown, HTML, plain text), finds the
passages that matter to a question, and answers with the page behind every
sentence. It says so where the manuals are silent. Korean comes first, English
beside it.
.
Everything happens on this machine, without a network. A local Gemma model may
write the answers; none is needed.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/debian/layout.cmake)
set(CPACK_SASEO_ALL_KERNELS ${SASEO_ALL_KERNELS})  # For that script.

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION text)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What is read at run time: the Korean dictionary (index/analyzer.cpp) and the character maps of
# Korean PDFs without fonts of their own (poppler).
set(CPACK_DEBIAN_PACKAGE_DEPENDS "hunspell-ko, poppler-data")
# Fonts for the page images of such PDFs; the desktop's program that shows a page image from the
# shell (cli/chat/chat_shell.cpp), which prints the image's path where there is none.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "fonts-nanum")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "xdg-utils")

include(CPack)
