// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace millrace
{

/** /proc/self/fdinfo of a descriptor: a few facts of maps and programs are only there. */
class FdInfo
{
public:
	explicit FdInfo(int fd);

	/** The number on the line `name:`, or `otherwise` where there is no such line. */
	double number(const char *name, double otherwise) const;

private:
	std::string text_;
};

} // namespace millrace
