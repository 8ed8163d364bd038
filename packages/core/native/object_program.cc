// SPDX-License-Identifier: Apache-2.0
// What of a program can be changed before its object is loaded.
#include <cerrno>

#include "hook_target.h"
#include "log.h"
#include "object.h"
#include "values.h"

namespace millrace
{

namespace
{

/** Read first, applied later: a getter may close the object. */
struct ProgramChange {
	std::optional<bool> autoload;
	std::optional<uint32_t> flags;
	std::optional<uint32_t> attach_type;
	/** the program whose function it is to replace */
	std::optional<Handle> extended;
	std::string function;

	explicit ProgramChange(const Napi::Object &change)
	{
		Napi::Value load = change.Get("autoload");
		if (!load.IsUndefined())
			autoload = load.ToBoolean();
		flags = optional_number(change, "flags");
		attach_type = optional_number(change, "attachType");
		Napi::Value extends = change.Get("extends");
		if (extends.IsUndefined())
			return;
		if (!extends.IsObject())
			throw Napi::TypeError::New(change.Env(),
						   "expected a program and a function");
		Napi::Object target = extends.As<Napi::Object>();
		extended = number_property(target, "program", 0);
		function = string_property(target, "function", "");
	}

	int apply(ObjectFile &file, bpf_program *program, HandleTable &handles) const
	{
		int error = autoload ? bpf_program__set_autoload(program, *autoload) : 0;
		if (!error && flags)
			error = bpf_program__set_flags(program, *flags);
		if (!error && attach_type)
			error = bpf_program__set_expected_attach_type(
				program, static_cast<bpf_attach_type>(*attach_type));
		if (!error && extended)
			error = extend(file, program, handles.find(*extended, Kind::program));
		return error;
	}

private:
	int extend(ObjectFile &file, bpf_program *program, const Slot *slot) const
	{
		if (!slot)
			return -EBADF;
		// libbpf looks as well, and takes any type for a function.
		if (int id = function_btf_id(slot->fd.get(), function); id < 0)
			return id;
		UniqueFd target = UniqueFd::duplicate(slot->fd.get());
		if (!target.valid())
			return -errno;
		// Without the rules of the section that it was written for: the kernel wants no
		// attach type of such a program.
		int error = bpf_program__set_type(program, BPF_PROG_TYPE_EXT);
		if (!error && !attach_type)
			error = bpf_program__set_expected_attach_type(program, bpf_attach_type{});
		if (!error)
			error = bpf_program__set_attach_target(program, target.get(),
							       function.c_str());
		if (!error)
			file.keep(std::move(target));
		return error;
	}
};

} // namespace

Napi::Value object_set_program(const Napi::CallbackInfo &info)
{
	auto result = [&](int value) { return Napi::Number::New(info.Env(), value); };
	std::string name = info[1].As<Napi::String>();
	ProgramChange change(info[2].As<Napi::Object>());
	ObjectFile *file = file_argument(info);
	if (!file || !file->get())
		return result(file ? -EBUSY : -EBADF);
	bpf_program *program = bpf_object__find_program_by_name(file->get(), name.c_str());
	if (!program)
		return result(-ENOENT);
	LogCapture log;
	return result(change.apply(*file, program, Addon::of(info).handles));
}

} // namespace millrace
