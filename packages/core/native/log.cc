// SPDX-License-Identifier: Apache-2.0
#include "log.h"

#include <bpf/libbpf.h>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace millrace
{

namespace
{

thread_local std::string *sink = nullptr;

int print(libbpf_print_level level, const char *format, va_list arguments)
{
	if (!sink)
		return 0;
	// Debug output is noise, but for the verifier's log of a program that was loaded, which is
	// printed at that level.
	if (level == LIBBPF_DEBUG && !strstr(format, "BEGIN PROG LOAD LOG"))
		return 0;
	char *line = nullptr;
	int length = vasprintf(&line, format, arguments);
	if (length < 0)
		return 0;
	sink->append(line, length);
	free(line);
	return length;
}

} // namespace

LogCapture::LogCapture()
{
	sink = &text_;
}

LogCapture::~LogCapture()
{
	sink = nullptr;
}

void LogCapture::install()
{
	libbpf_set_print(print);
}

} // namespace millrace
