// SPDX-License-Identifier: Apache-2.0
// reuseport-sockets COUNT COMMAND...: makes COUNT TCP sockets that listen on one port, and one UDP
// socket, all with SO_REUSEPORT, as the descriptors from 10 on; then becomes COMMAND. Node.js
// before 23.1 cannot make such sockets.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void make(int descriptor, int type, struct sockaddr_in *address)
{
	int one = 1;
	socklen_t length = sizeof(*address);
	int made = socket(AF_INET, type, 0);

	if (made < 0 || setsockopt(made, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)) ||
	    bind(made, (struct sockaddr *)address, length) ||
	    (type == SOCK_STREAM && listen(made, 16)) ||
	    getsockname(made, (struct sockaddr *)address, &length) ||
	    dup2(made, descriptor) != descriptor || close(made)) {
		perror("reuseport-sockets");
		exit(1);
	}
}

int main(int count, char **words)
{
	int sockets = count < 3 ? 0 : atoi(words[1]);
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	for (int i = 0; i < sockets; i++)
		make(10 + i, SOCK_STREAM, &address);
	address.sin_port = 0;
	make(10 + sockets, SOCK_DGRAM, &address);
	execvp(words[2], words + 2);
	perror(words[2]);
	return 1;
}
