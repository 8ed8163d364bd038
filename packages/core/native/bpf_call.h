// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace millrace
{

/**
 * bpf(2) in place: 0 or more, or a negative errno. What surrounds a system call costs more than it
 * looks, most likely because the processor's predictors are empty afterwards: going through libbpf
 * and the C library's syscall() has three more frames to return through, and was measured to cost
 * 30 ns of 750 (docs/decisions/0007).
 */
inline long bpf_call(bpf_cmd command, bpf_attr &attributes, unsigned int size)
{
#if defined(__x86_64__)
	long result = SYS_bpf;
	asm volatile("syscall"
		     : "+a"(result)
		     : "D"(static_cast<long>(command)), "S"(&attributes),
		       "d"(static_cast<long>(size))
		     : "rcx", "r11", "memory");
	return result;
#elif defined(__aarch64__)
	register long number asm("x8") = SYS_bpf;
	register long result asm("x0") = command;
	register bpf_attr *pointer asm("x1") = &attributes;
	register long length asm("x2") = size;
	asm volatile("svc #0" : "+r"(result) : "r"(number), "r"(pointer), "r"(length) : "memory");
	return result;
#else
	long result = syscall(SYS_bpf, command, &attributes, size);
	return result < 0 ? -errno : result;
#endif
}

} // namespace millrace
