// SPDX-License-Identifier: Apache-2.0
// Programs that choose among the sockets of one address and port.
#include <cerrno>
#include <sys/socket.h>

#include "values.h"

namespace millrace
{

namespace
{

/** (program, descriptor): attaches a program to the group of a socket; without one, takes it off.
 */
Napi::Value socket_reuseport(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	int option = SO_DETACH_REUSEPORT_BPF;
	int program = 0;
	if (info[0].As<Napi::Number>().Uint32Value() != 0) {
		Slot *slot = slot_argument(info, 0, Kind::program);
		if (!slot)
			return Napi::Number::New(env, -EBADF);
		option = SO_ATTACH_REUSEPORT_EBPF;
		program = slot->fd.get();
	}
	int descriptor = info[1].As<Napi::Number>();
	int result = setsockopt(descriptor, SOL_SOCKET, option, &program, sizeof(program));
	return Napi::Number::New(env, result == 0 ? 0 : -errno);
}

} // namespace

void export_reuseport(Exports &exports)
{
	exports.cold<socket_reuseport>("socketReuseport");
}

} // namespace millrace
