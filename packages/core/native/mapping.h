// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace millrace
{

inline size_t page_size()
{
	return sysconf(_SC_PAGESIZE);
}

/** Owns a shared mapping of a map's memory. */
class Mapping
{
public:
	/** Not valid, with errno set, when the kernel refuses. */
	static Mapping of(int fd, size_t offset, size_t length, bool writable)
	{
		int protection = PROT_READ | (writable ? PROT_WRITE : 0);
		void *data = mmap(nullptr, length, protection, MAP_SHARED, fd,
				  static_cast<off_t>(offset));
		return data == MAP_FAILED ? Mapping(nullptr, 0) : Mapping(data, length);
	}
	/** All of it, writably, at one address and never over something else; 0 leaves the address
	 * to the kernel. */
	static Mapping at(uint64_t address, int fd, size_t length)
	{
		void *wanted = reinterpret_cast<void *>(address);
		int flags = MAP_SHARED | (address ? MAP_FIXED_NOREPLACE : 0);
		void *data = mmap(wanted, length, PROT_READ | PROT_WRITE, flags, fd, 0);
		return data == MAP_FAILED ? Mapping(nullptr, 0) : Mapping(data, length);
	}
	Mapping(Mapping &&other) noexcept
		: data_(std::exchange(other.data_, nullptr)),
		  length_(std::exchange(other.length_, 0))
	{
	}
	Mapping &operator=(Mapping &&) = delete;
	~Mapping()
	{
		if (data_)
			munmap(data_, length_);
	}

	bool valid() const
	{
		return data_ != nullptr;
	}
	uint8_t *data() const
	{
		return static_cast<uint8_t *>(data_);
	}

private:
	Mapping(void *data, size_t length) : data_(data), length_(length)
	{
	}

	void *data_;
	size_t length_;
};

} // namespace millrace
