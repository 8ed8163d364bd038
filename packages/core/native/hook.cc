// SPDX-License-Identifier: Apache-2.0
// Hooks that take links, or several programs in an order.
#include <bpf/bpf.h>
#include <cerrno>
#include <vector>

#include "bpf_call.h"
#include "hook_target.h"
#include "netns.h"
#include "values.h"

namespace millrace
{

namespace
{

/** The `NativeOrder` of binding.ts. */
struct Order {
	uint32_t flags = 0;
	uint32_t relative_id = 0;
	uint64_t expected_revision = 0;

	Order() = default;
	explicit Order(const Napi::Value &value)
	{
		if (value.IsNull())
			return;
		Napi::Object order = value.As<Napi::Object>();
		flags = number_property(order, "flags", 0);
		relative_id = number_property(order, "relativeId", 0);
		Napi::Value revision = order.Get("expectedRevision");
		if (!revision.IsBigInt())
			throw Napi::TypeError::New(value.Env(), "expected a bigint");
		bool lossless = false;
		expected_revision = revision.As<Napi::BigInt>().Uint64Value(&lossless);
		// The other way to name a relative is by a descriptor.
		if (relative_id)
			flags |= BPF_F_ID;
	}
};

bpf_attach_type type_argument(const Napi::Value &value)
{
	return static_cast<bpf_attach_type>(value.As<Napi::Number>().Uint32Value());
}

/** Zero is no program; anything else must be one. Returns false for a handle that is none. */
bool optional_program(Addon &addon, Handle handle, int &fd)
{
	if (!handle)
		return true;
	Slot *slot = addon.handles.find(handle, Kind::program);
	if (slot)
		fd = slot->fd.get();
	return slot != nullptr;
}

Napi::Value link_create(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	Addon &addon = Addon::of(info);
	HookTarget target(info[1]);
	bpf_attach_type type = type_argument(info[2]);
	Order order(info[3]);

	Slot *program = slot_argument(info, 0, Kind::program);
	if (!program)
		return failure(env, EBADF);
	HookTarget::Place place;
	if (int error = target.find(addon, type, place))
		return failure(env, error);

	// libbpf 1.5 passes an order to TCX and netkit only; the kernel has learnt it for control
	// groups since, in the same bytes.
	bpf_attr attributes = {};
	attributes.link_create.prog_fd = program->fd.get();
	attributes.link_create.target_fd = place.target;
	attributes.link_create.attach_type = type;
	attributes.link_create.flags = order.flags;
	if (place.btf_id) {
		attributes.link_create.target_btf_id = place.btf_id;
	} else {
		attributes.link_create.tcx.relative_id = order.relative_id;
		attributes.link_create.tcx.expected_revision = order.expected_revision;
	}
	int fd = in_netns(target.netns(), [&] {
		return static_cast<int>(
			bpf_call(BPF_LINK_CREATE, attributes, sizeof(attributes.link_create)));
	});
	if (fd < 0)
		return failure(env, fd);
	UniqueFd link(fd);
	// A process that was started without its standard streams would get one of their numbers,
	// which bpf(2) and others take for none.
	if (link.get() <= STDERR_FILENO)
		link = UniqueFd::duplicate(link.get());
	if (!link.valid())
		return failure(env, errno);
	return handle_or_failure(env, addon.handles.add(Kind::link, std::move(link)));
}

/**
 * Without a link, the kernel attaches a flow dissector to the namespace that the caller is in, and
 * will not be told another: it is entered.
 */
bool is_entered(bpf_attach_type type)
{
	return type == BPF_FLOW_DISSECTOR;
}

Napi::Value program_attach(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	Addon &addon = Addon::of(info);
	HookTarget target(info[1]);
	bpf_attach_type type = type_argument(info[2]);
	Order order(info[3]);

	Slot *program = slot_argument(info, 0, Kind::program);
	LIBBPF_OPTS(bpf_prog_attach_opts, options, .flags = order.flags,
		    .relative_id = order.relative_id, .expected_revision = order.expected_revision);
	if (!program ||
	    !optional_program(addon, info[4].As<Napi::Number>().Uint32Value(), options.replace_fd))
		return failure(env, EBADF);
	HookTarget::Place place;
	int error = target.find(addon, type, place);
	// A function is replaced by a link and in no other way.
	if (!error && place.btf_id)
		error = -EINVAL;
	if (!error)
		error = in_netns(is_entered(type) ? target.path() : target.netns(), [&] {
			return bpf_prog_attach_opts(program->fd.get(),
						    is_entered(type) ? 0 : place.target, type,
						    &options);
		});
	return error ? failure(env, error).As<Napi::Value>() : env.Null();
}

Napi::Value program_detach(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	Addon &addon = Addon::of(info);
	HookTarget target(info[1]);
	bpf_attach_type type = type_argument(info[2]);

	int program = 0;
	if (!optional_program(addon, info[0].As<Napi::Number>().Uint32Value(), program))
		return failure(env, EBADF);
	HookTarget::Place place;
	int error = target.find(addon, type, place);
	if (!error && place.btf_id)
		error = -EINVAL;
	if (!error)
		error = in_netns(is_entered(type) ? target.path() : target.netns(), [&] {
			return bpf_prog_detach_opts(program, is_entered(type) ? 0 : place.target,
						    type, nullptr);
		});
	return error ? failure(env, error).As<Napi::Value>() : env.Null();
}

/** What BPF_PROG_QUERY tells of a hook, however many programs it has. */
class HookQuery
{
public:
	HookQuery(int target, bpf_attach_type type, uint32_t flags, bool has_links)
		: target_(target), type_(type), flags_(flags), has_links_(has_links)
	{
	}

	int run()
	{
		int error = 0;
		// Programs may be added between two questions; who adds them faster than this asks
		// gets the error.
		for (int attempt = 0; attempt < 8; attempt++) {
			error = ask();
			// The flags of single programs are told since Linux 6.0, and not for every
			// question.
			if (error == -EINVAL && with_flags_) {
				with_flags_ = false;
				error = ask();
			}
			if (error != -ENOSPC)
				break;
			capacity_ = state_.count + 16;
		}
		return error;
	}

	Napi::Object result(Napi::Env env) const
	{
		Napi::Array programs = Napi::Array::New(env, state_.count);
		for (uint32_t i = 0; i < state_.count; i++) {
			Napi::Object program = Napi::Object::New(env);
			program.Set("programId", program_ids_[i]);
			program.Set("linkId", link_ids_[i]);
			program.Set("flags", program_flags_[i]);
			programs.Set(i, program);
		}
		Napi::Object result = Napi::Object::New(env);
		result.Set("revision", Napi::BigInt::New(env, uint64_t{state_.revision}));
		result.Set("flags", state_.attach_flags);
		result.Set("programs", programs);
		return result;
	}

private:
	int ask()
	{
		program_ids_.assign(capacity_, 0);
		link_ids_.assign(capacity_, 0);
		program_flags_.assign(capacity_, 0);
		state_ = {};
		state_.sz = sizeof(state_);
		state_.query_flags = flags_;
		state_.prog_ids = program_ids_.data();
		state_.prog_cnt = capacity_;
		// An old kernel refuses a question that it does not know.
		state_.link_ids = has_links_ ? link_ids_.data() : nullptr;
		state_.prog_attach_flags = with_flags_ ? program_flags_.data() : nullptr;
		return bpf_prog_query_opts(target_, type_, &state_);
	}

	int target_;
	bpf_attach_type type_;
	uint32_t flags_;
	bool has_links_;
	bool with_flags_ = true;
	uint32_t capacity_ = 64;
	struct bpf_prog_query_opts state_ = {};
	std::vector<uint32_t> program_ids_;
	std::vector<uint32_t> link_ids_;
	std::vector<uint32_t> program_flags_;
};

Napi::Value hook_query(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	HookTarget target(info[0]);
	bpf_attach_type type = type_argument(info[1]);
	uint32_t flags = info[2].As<Napi::Number>().Uint32Value();
	HookTarget::Place place;
	int error = target.find(Addon::of(info), type, place);
	if (!error && place.btf_id)
		error = -EINVAL;
	if (error)
		return failure(env, error);
	HookQuery query(place.target, type, flags, target.is_interface());
	error = in_netns(target.netns(), [&] { return query.run(); });
	return error ? failure(env, error) : query.result(env);
}

} // namespace

void export_hooks(Exports &exports)
{
	exports.cold<link_create>("linkCreate");
	exports.cold<program_attach>("programAttach");
	exports.cold<program_detach>("programDetach");
	exports.cold<hook_query>("hookQuery");
}

} // namespace millrace
