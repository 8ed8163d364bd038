// SPDX-License-Identifier: Apache-2.0
// One round of attaching and detaching with libbpf: prints {"row": microseconds}.
#include <net/if.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <unistd.h>
#include "times.h"

#define ROUNDS 40

static int check(int result, const char *what)
{
	if (result < 0) {
		perror(what);
		exit(1);
	}
	return result;
}

static int program(struct bpf_object *object, const char *name)
{
	return check(bpf_program__fd(bpf_object__find_program_by_name(object, name)), name);
}

static void by_link(struct times *attach, struct times *detach, const char *interface, int program,
		    enum bpf_attach_type type)
{
	double start = now_us();
	int ifindex = if_nametoindex(interface);
	int link = check(bpf_link_create(program, ifindex, type, NULL), attach->row);

	start = took(attach, start);
	close(link);
	took(detach, start);
}

static void by_filter(struct times *attach, struct times *detach, const char *interface,
		      int program)
{
	double start = now_us();
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = (int)if_nametoindex(interface),
		    .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = program);

	check(bpf_tc_hook_create(&hook), "qdisc");
	check(bpf_tc_attach(&hook, &options), attach->row);
	start = took(attach, start);
	options.prog_fd = options.prog_id = options.flags = 0;
	check(bpf_tc_detach(&hook, &options), detach->row);
	hook.attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS;
	check(bpf_tc_hook_destroy(&hook), "qdisc");
	took(detach, start);
}

// attach OBJECT INTERFACE
int main(int argc, char **argv)
{
	struct times times[] = {
		{.row = "XDP: attach"}, {.row = "XDP: detach"},	   {.row = "TCX: attach"},
		{.row = "TCX: detach"}, {.row = "clsact: attach"}, {.row = "clsact: detach"},
	};

	if (argc != 3)
		return 2;
	struct bpf_object *object = bpf_object__open_file(argv[1], NULL);

	if (!object || bpf_object__load(object))
		return 1;
	for (int i = 0; i < ROUNDS; i++) {
		by_link(&times[0], &times[1], argv[2], program(object, "pass_xdp"), BPF_XDP);
		by_link(&times[2], &times[3], argv[2], program(object, "pass_tc"), BPF_TCX_INGRESS);
		by_filter(&times[4], &times[5], argv[2], program(object, "pass_tc"));
	}
	report_times(times, sizeof(times) / sizeof(*times));
	return 0;
}
