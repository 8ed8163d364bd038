// SPDX-License-Identifier: Apache-2.0
/*
 * Runs a command in user, mount and network namespaces of its own, as what looks like root there
 * and is nobody outside, with a bpf filesystem at /sys/fs/bpf by which so much is delegated to it:
 *
 *	delegate COMMANDS MAPS PROGRAMS ATTACHMENTS COMMAND [ARGUMENT ...]
 *
 * The filesystem has to be begun inside, for it to belong to that user namespace; root outside
 * allows what is delegated; and it is mounted inside again. So the descriptors go to and fro.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void check(long result, const char *what)
{
	if (result >= 0)
		return;
	perror(what);
	exit(125);
}

static int check_descriptor(long result, const char *what)
{
	check(result, what);
	return (int)result;
}

static void send_descriptor(int channel, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = {0}, byte = 0;
	struct iovec data = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &data,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(int));
	check(sendmsg(channel, &message, 0), "sendmsg");
}

static int receive_descriptor(int channel)
{
	char control[CMSG_SPACE(sizeof(int))], byte;
	struct iovec data = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &data,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	int fd;

	if (recvmsg(channel, &message, 0) != 1 || !CMSG_FIRSTHDR(&message))
		exit(125);
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
	return fd;
}

static void write_map(pid_t pid, const char *name, const char *text)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_WRONLY);
	check(fd, path);
	check(write(fd, text, strlen(text)), path);
	close(fd);
}

/*
 * In a chroot, where the tests may run, the kernel makes no user namespaces. So what is the root
 * there becomes the root of a mount namespace.
 */
static void leave_chroot(void)
{
	struct stat before, after;
	int root;

	check(unshare(CLONE_NEWNS), "unshare");
	root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	check(root, "/");
	check(stat("/", &before), "/");
	// Whose working directory is not below their root are held up by no root.
	check(chdir("/"), "chdir");
	check(chroot("tmp"), "chroot");
	for (int depth = 0; depth < 64; depth++)
		check(chdir(".."), "chdir");
	check(chroot("."), "chroot");
	check(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "mount");
	check(stat("/", &after), "/");
	if (before.st_dev == after.st_dev && before.st_ino == after.st_ino)
		return;
	check(fchdir(root), "fchdir");
	check(mount(".", "/", NULL, MS_MOVE, NULL), "mount");
	check(chroot("."), "chroot");
}

static int inside(int channel, char **command)
{
	char byte = 0;
	int mounted;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	leave_chroot();
	check(unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET), "unshare");
	check(write(channel, &byte, 1), "write");
	check(read(channel, &byte, 1), "read");
	check(setgid(0), "setgid");
	check(setuid(0), "setuid");
	send_descriptor(channel, check_descriptor(syscall(SYS_fsopen, "bpf", 0), "fsopen"));
	mounted = receive_descriptor(channel);
	check(syscall(SYS_move_mount, mounted, "", AT_FDCWD, "/sys/fs/bpf",
		      MOVE_MOUNT_F_EMPTY_PATH),
	      "move_mount");
	execvp(command[0], command);
	perror(command[0]);
	return 127;
}

int main(int count, char **arguments)
{
	static const char *const delegated[] = {"delegate_cmds", "delegate_maps", "delegate_progs",
						"delegate_attachs"};
	int channel[2], begun, status;
	char byte;
	pid_t pid;

	if (count < 6)
		return 2;
	check(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel), "socketpair");
	pid = fork();
	if (pid == 0)
		return inside(channel[1], arguments + 5);
	check(read(channel[0], &byte, 1), "read");
	write_map(pid, "uid_map", "0 65534 1");
	write_map(pid, "gid_map", "0 65534 1");
	check(write(channel[0], &byte, 1), "write");
	begun = receive_descriptor(channel[0]);
	for (size_t i = 0; i < sizeof(delegated) / sizeof(*delegated); i++)
		check(syscall(SYS_fsconfig, begun, FSCONFIG_SET_STRING, delegated[i],
			      arguments[1 + i], 0),
		      delegated[i]);
	check(syscall(SYS_fsconfig, begun, FSCONFIG_CMD_CREATE, NULL, NULL, 0), "create");
	send_descriptor(channel[0], check_descriptor(syscall(SYS_fsmount, begun, 0, 0), "fsmount"));
	close(channel[1]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}
