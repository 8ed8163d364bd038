// SPDX-License-Identifier: Apache-2.0
// A lock among processes, which the kernel gives back however its holder ends.
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>

#include "values.h"

namespace millrace
{

namespace
{

Napi::Value lock(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	std::string path = info[0].As<Napi::String>();
	int operation = LOCK_EX | (info[1].ToBoolean() ? 0 : LOCK_NB);
	// Opening whatever is at the path must not wait, nor make a terminal ours.
	UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
	if (!file.valid())
		return failure(env, errno);
	int result;
	do
		result = flock(file.get(), operation);
	while (result && errno == EINTR);
	if (result)
		return failure(env, errno);
	return handle_or_failure(env, Addon::of(info).handles.add(Kind::lock, std::move(file)));
}

} // namespace

void export_locks(Exports &exports)
{
	exports.cold<lock>("lock");
}

} // namespace millrace
