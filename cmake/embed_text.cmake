# Writes a text file as a C++ raw string literal, to be #included as the value of a constant:
#   cmake -DFROM=report.css -DTO=report.css.inc -P cmake/embed_text.cmake
file(READ ${FROM} text)
string(FIND "${text}" ")embedded\"" found)
if(NOT found EQUAL -1)
  message(FATAL_ERROR "${FROM} holds the end of the literal, )embedded\"")
endif()
file(WRITE ${TO} "R\"embedded(${text})embedded\"\n")
