// SPDX-License-Identifier: Apache-2.0
#include <bpf/bpf.h>
#include <cerrno>
#include <vector>

#include "fdinfo.h"
#include "values.h"

namespace millrace
{

namespace
{

std::string hexadecimal(const uint8_t *bytes, size_t length)
{
	constexpr char digits[] = "0123456789abcdef";
	std::string text;
	for (size_t i = 0; i < length; i++) {
		text += digits[bytes[i] >> 4];
		text += digits[bytes[i] & 15];
	}
	return text;
}

/** Information with room for whatever `prepare` asks the kernel to write beside it. */
template <typename Prepare>
int read_info(int fd, bpf_prog_info &info, Prepare prepare)
{
	uint32_t length = sizeof(info);
	int error = bpf_prog_get_info_by_fd(fd, &info, &length);
	if (error)
		return error;
	bpf_prog_info wanted = {};
	prepare(info, wanted);
	length = sizeof(wanted);
	error = bpf_prog_get_info_by_fd(fd, &wanted, &length);
	info = wanted;
	return error;
}

Napi::Value program_info(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	Slot *slot = slot_argument(info, 0, Kind::program);
	if (!slot)
		return failure(env, EBADF);
	bpf_prog_info program = {};
	std::vector<uint32_t> ids;
	int error = read_info(slot->fd.get(), program,
			      [&](const bpf_prog_info &first, bpf_prog_info &wanted) {
				      ids.resize(first.nr_map_ids);
				      wanted.nr_map_ids = ids.size();
				      wanted.map_ids = reinterpret_cast<uint64_t>(ids.data());
			      });
	if (error)
		return failure(env, error);
	Napi::Array map_ids = Napi::Array::New(env, ids.size());
	for (uint32_t i = 0; i < ids.size(); i++)
		map_ids.Set(i, ids[i]);
	auto bigint = [&](uint64_t value) { return Napi::BigInt::New(env, value); };

	Napi::Object result = Napi::Object::New(env);
	result.Set("id", program.id);
	result.Set("type", program.type);
	result.Set("name", fixed_string(program.name));
	result.Set("tag", hexadecimal(program.tag, sizeof(program.tag)));
	result.Set("gplCompatible", Napi::Boolean::New(env, program.gpl_compatible));
	result.Set("loadTime", bigint(program.load_time));
	result.Set("uid", program.created_by_uid);
	result.Set("translatedSize", program.xlated_prog_len);
	result.Set("jitedSize", program.jited_prog_len);
	result.Set("memlock", FdInfo(slot->fd.get()).number("memlock", -1));
	result.Set("mapIds", map_ids);
	result.Set("btfId", program.btf_id);
	result.Set("ifindex", program.ifindex);
	result.Set("runTimeNs", bigint(program.run_time_ns));
	result.Set("runCount", bigint(program.run_cnt));
	result.Set("recursionMisses", bigint(program.recursion_misses));
	result.Set("verifiedInstructions", program.verified_insns);
	return result;
}

Napi::Value program_instructions(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	Slot *slot = slot_argument(info, 0, Kind::program);
	if (!slot)
		return failure(env, EBADF);
	bpf_prog_info program = {};
	std::vector<uint8_t> instructions;
	int error = read_info(
		slot->fd.get(), program, [&](const bpf_prog_info &first, bpf_prog_info &wanted) {
			instructions.resize(first.xlated_prog_len);
			wanted.xlated_prog_len = instructions.size();
			wanted.xlated_prog_insns = reinterpret_cast<uint64_t>(instructions.data());
		});
	if (error)
		return failure(env, error);
	// The kernel leaves the pointer zero for a reader who may not see them.
	if (!program.xlated_prog_insns)
		return failure(env, EPERM);
	Napi::Uint8Array bytes = Napi::Uint8Array::New(env, instructions.size());
	std::copy(instructions.begin(), instructions.end(), bytes.Data());
	return bytes;
}

} // namespace

void export_programs(Exports &exports)
{
	exports.cold<program_info>("programInfo");
	exports.cold<program_instructions>("programInstructions");
}

} // namespace millrace
