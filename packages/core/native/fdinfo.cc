// SPDX-License-Identifier: Apache-2.0
#include "fdinfo.h"

#include <cstdlib>
#include <fcntl.h>

#include "unique_fd.h"

namespace millrace
{

FdInfo::FdInfo(int fd)
{
	// Not by std::ifstream: the locales that come with it weigh more than libbpf.
	std::string path = "/proc/self/fdinfo/" + std::to_string(fd);
	UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
	char chunk[1024];
	for (ssize_t length; (length = read(file.get(), chunk, sizeof(chunk))) > 0;)
		text_.append(chunk, length);
}

double FdInfo::number(const char *name, double otherwise) const
{
	std::string label = std::string("\n") + name + ":";
	size_t at = text_.find(label);
	return at == std::string::npos ? otherwise
				       : strtod(text_.c_str() + at + label.size(), nullptr);
}

} // namespace millrace
