// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace millrace
{

/**
 * Collects what libbpf prints on this thread while it lives: libbpf has one print function for the
 * whole process, which other environments and the thread pool share.
 */
class LogCapture
{
public:
	LogCapture();
	~LogCapture();
	LogCapture(const LogCapture &) = delete;
	LogCapture &operator=(const LogCapture &) = delete;

	std::string take()
	{
		return std::move(text_);
	}

	/** Once a process; what is printed outside a capture is dropped, never written to stderr.
	 */
	static void install();

private:
	std::string text_;
};

} // namespace millrace
