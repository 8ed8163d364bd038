// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bpf/bpf.h>
#include <napi.h>
#include <string>

#include "addon.h"
#include "unique_fd.h"

namespace millrace
{

/** The `NativeTarget` of binding.ts: what a program is attached to, as JavaScript put it. */
class HookTarget
{
public:
	/**
	 * Reads all of it at once: getters may run JavaScript, so handles are looked up afterwards.
	 * Throws a TypeError for what is no target.
	 */
	explicit HookTarget(const Napi::Value &value);

	bool is_interface() const
	{
		return form_ == Form::interface;
	}

	/** '' when the caller's own namespace will do. */
	const std::string &netns() const
	{
		return netns_;
	}

	/** '' for what is no file */
	const std::string &path() const
	{
		return path_;
	}

	/** What bpf(2) wants to know of a target. */
	struct Place {
		/** a descriptor, or the index of an interface */
		int target = 0;
		/** of the function that freplace replaces, else 0 */
		uint32_t btf_id = 0;
		/** holds what was opened for this call */
		UniqueFd opened;
	};

	/**
	 * 0 or a negative errno. The kernel reads one number as a descriptor or as the index of an
	 * interface, by the attach type alone: a target that does not suit it is refused here.
	 */
	int find(Addon &addon, bpf_attach_type type, Place &place) const;

private:
	enum class Form : uint8_t { interface, path, map, function };

	Form form_;
	std::string netns_;
	std::string path_;
	std::string function_;
	int ifindex_ = 0;
	Handle handle_ = 0;
};

/** The BTF id of a program's global function, or a negative errno: -ENOENT when it has none of this
 * name, -EOPNOTSUPP when the program has no BTF. */
int function_btf_id(int program, const std::string &name);

} // namespace millrace
