// SPDX-License-Identifier: Apache-2.0
// xsk-socket INTERFACE COMMAND...: makes two AF_XDP sockets, descriptor 10 bound to queue 0 of the
// interface and descriptor 11 that is not set up, and starts COMMAND, which inherits them. Until
// that ends, prints a line "frame TEXT" for each UDP datagram that comes into the ring of the
// first: Node.js cannot map it.
#include <linux/if_xdp.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	BOUND = 10,
	OTHER = 11,
	FRAMES = 16,
	FRAME_SIZE = 4096,
	/* Ethernet, IPv4 and UDP */
	HEADERS = 42,
};

struct ring {
	uint32_t *producer;
	uint32_t *consumer;
	void *entries;
};

static void check(int failed, const char *what)
{
	if (failed) {
		perror(what);
		exit(1);
	}
}

static void make_as(int descriptor)
{
	int made = socket(AF_XDP, SOCK_RAW, 0);

	check(made < 0, "socket");
	check(dup2(made, descriptor) != descriptor, "dup2");
	close(made);
}

static void set_size(int option)
{
	int size = FRAMES;

	check(setsockopt(BOUND, SOL_XDP, option, &size, sizeof(size)), "ring");
}

static struct ring map_ring(const struct xdp_ring_offset *offset, size_t entry, off_t page)
{
	size_t length = offset->desc + FRAMES * entry;
	char *memory =
		mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, BOUND, page);

	check(memory == MAP_FAILED, "mmap");
	return (struct ring){
		.producer = (uint32_t *)(memory + offset->producer),
		.consumer = (uint32_t *)(memory + offset->consumer),
		.entries = memory + offset->desc,
	};
}

static void give(const struct ring *fill, uint64_t frame)
{
	uint32_t at = *fill->producer;

	((uint64_t *)fill->entries)[at % FRAMES] = frame;
	__atomic_store_n(fill->producer, at + 1, __ATOMIC_RELEASE);
}

static void print_frames(const struct ring *received, const struct ring *fill, const char *memory)
{
	uint32_t at = *received->consumer;

	for (; at != __atomic_load_n(received->producer, __ATOMIC_ACQUIRE); at++) {
		struct xdp_desc *frame = &((struct xdp_desc *)received->entries)[at % FRAMES];
		int length = (int)frame->len - HEADERS;

		printf("frame %.*s\n", length, memory + frame->addr + HEADERS);
		give(fill, frame->addr - frame->addr % FRAME_SIZE);
	}
	__atomic_store_n(received->consumer, at, __ATOMIC_RELEASE);
}

int main(int count, char **words)
{
	struct sockaddr_xdp address = {.sxdp_family = AF_XDP, .sxdp_flags = XDP_COPY};
	struct xdp_umem_reg umem = {.len = FRAMES * FRAME_SIZE, .chunk_size = FRAME_SIZE};
	struct xdp_mmap_offsets offsets;
	socklen_t length = sizeof(offsets);
	struct pollfd readable = {.fd = BOUND, .events = POLLIN};

	if (count < 3)
		return 2;
	make_as(BOUND);
	make_as(OTHER);
	char *memory =
		mmap(NULL, umem.len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check(memory == MAP_FAILED, "memory");
	umem.addr = (uintptr_t)memory;
	check(setsockopt(BOUND, SOL_XDP, XDP_UMEM_REG, &umem, sizeof(umem)), "umem");
	set_size(XDP_UMEM_FILL_RING);
	set_size(XDP_UMEM_COMPLETION_RING);
	set_size(XDP_RX_RING);
	check(getsockopt(BOUND, SOL_XDP, XDP_MMAP_OFFSETS, &offsets, &length), "offsets");
	struct ring fill = map_ring(&offsets.fr, sizeof(uint64_t), XDP_UMEM_PGOFF_FILL_RING);
	struct ring received = map_ring(&offsets.rx, sizeof(struct xdp_desc), XDP_PGOFF_RX_RING);
	for (uint64_t frame = 0; frame < FRAMES; frame++)
		give(&fill, frame * FRAME_SIZE);
	address.sxdp_ifindex = if_nametoindex(words[1]);
	check(bind(BOUND, (struct sockaddr *)&address, sizeof(address)), "bind");

	setvbuf(stdout, NULL, _IOLBF, 0);
	pid_t child = fork();
	check(child < 0, "fork");
	if (child == 0) {
		execvp(words[2], words + 2);
		check(1, words[2]);
	}
	while (waitpid(child, NULL, WNOHANG) == 0) {
		if (poll(&readable, 1, 50) > 0)
			print_frames(&received, &fill, memory);
	}
	return 0;
}
