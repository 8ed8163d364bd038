# Builds for another machine and an older C library with `zig cc`, which is clang with the headers and symbol versions of
# every glibc in it. MILLRACE_ZIG is the program, MILLRACE_ZIG_TARGET what to build for: x86_64-linux-gnu.2.28.
set(ZIG $ENV{MILLRACE_ZIG})
set(ZIG_TARGET $ENV{MILLRACE_ZIG_TARGET})
string(REGEX MATCH "^[^-]+" ZIG_PROCESSOR ${ZIG_TARGET})

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${ZIG_PROCESSOR})
set(CMAKE_C_COMPILER ${ZIG} cc -target ${ZIG_TARGET})
set(CMAKE_CXX_COMPILER ${ZIG} c++ -target ${ZIG_TARGET})

# The system's ar makes no index of another machine's objects.
foreach(language C CXX)
	set(CMAKE_${language}_ARCHIVE_CREATE "\"${ZIG}\" ar qc <TARGET> <OBJECTS>")
	set(CMAKE_${language}_ARCHIVE_APPEND "\"${ZIG}\" ar q <TARGET> <OBJECTS>")
	set(CMAKE_${language}_ARCHIVE_FINISH "\"${ZIG}\" ranlib <TARGET>")
endforeach()

# Nothing of the machine that builds gets in, except the headers of libuv: they are the same on all of them.
file(COPY /usr/include/uv.h /usr/include/uv DESTINATION ${CMAKE_BINARY_DIR}/include)
set(CMAKE_CXX_STANDARD_INCLUDE_DIRECTORIES ${CMAKE_BINARY_DIR}/include)
