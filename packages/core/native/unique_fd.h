// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace millrace
{

/** Owns a descriptor. */
class UniqueFd
{
public:
	UniqueFd() = default;
	explicit UniqueFd(int fd) : fd_(fd)
	{
	}
	UniqueFd(UniqueFd &&other) noexcept : fd_(std::exchange(other.fd_, -1))
	{
	}
	UniqueFd &operator=(UniqueFd &&other) noexcept
	{
		std::swap(fd_, other.fd_);
		return *this;
	}
	~UniqueFd()
	{
		if (fd_ >= 0)
			close(fd_);
	}

	/** A descriptor of its own on the same file, or one that is not valid, with errno set. */
	static UniqueFd duplicate(int fd)
	{
		return UniqueFd(fcntl(fd, F_DUPFD_CLOEXEC, 3));
	}

	int get() const
	{
		return fd_;
	}
	bool valid() const
	{
		return fd_ >= 0;
	}

private:
	int fd_ = -1;
};

} // namespace millrace
