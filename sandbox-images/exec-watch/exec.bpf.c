/* Tells of every program that is started in one namespace of processes, or by what was started there. */

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "exec.h"

char LICENSE[] SEC("license") = "GPL";

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct ns_common {
	unsigned int inum;
};
struct pid_namespace {
	struct ns_common ns;
};
struct upid {
	int nr;
	struct pid_namespace *ns;
};
struct pid {
	unsigned int level;
	struct upid numbers[1];
};
struct mm_struct {
	unsigned long arg_start, arg_end;
};
struct task_struct {
	int tgid;
	struct task_struct *group_leader;
	struct pid *thread_pid;
	struct mm_struct *mm;
};
struct linux_binprm {
	const char *filename;
};
#pragma clang attribute pop

/* Of the namespace of processes that is watched. */
const volatile unsigned int namespace = 0;

/* Programs of which not everything could be told. */
unsigned long long lost = 0;
unsigned long long last_id = 0;

struct running {
	unsigned long long id; /* of the program that it runs, or was forked from */
	unsigned int ppid;
};

/* By process, in the kernel's numbers. Processes that are long gone are forgotten. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, int);
	__type(value, struct running);
} processes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 * 1024 * 1024);
} told SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, struct chunk);
} scratch SEC(".maps");

/* The number of a process in its own namespace, and which that is. */
static __always_inline struct upid number_of(struct task_struct *task)
{
	struct upid number = {};
	struct pid *pid = BPF_CORE_READ(task, group_leader, thread_pid);
	unsigned int level = BPF_CORE_READ(pid, level);
	void *numbers = (void *)pid + bpf_core_field_offset(struct pid, numbers);
	bpf_probe_read_kernel(&number, sizeof(number), numbers + (level & 31) * sizeof(number));
	return number;
}

SEC("raw_tp/sched_process_fork")
int forked(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *parent = (void *)ctx->args[0];
	struct task_struct *child = (void *)ctx->args[1];
	int from = BPF_CORE_READ(parent, tgid);
	int to = BPF_CORE_READ(child, tgid);
	if (from == to)
		return 0;
	struct running *known = bpf_map_lookup_elem(&processes, &from);
	if (!known) {
		bpf_map_delete_elem(&processes, &to);
		return 0;
	}
	struct running forked = { .id = known->id, .ppid = number_of(parent).nr };
	bpf_map_update_elem(&processes, &to, &forked, BPF_ANY);
	return 0;
}

SEC("raw_tp/sched_process_exec")
int executed(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[0];
	struct linux_binprm *binprm = (void *)ctx->args[2];
	int tgid = BPF_CORE_READ(task, tgid);
	struct upid number = number_of(task);
	struct running *before = bpf_map_lookup_elem(&processes, &tgid);
	if (!before && BPF_CORE_READ(number.ns, ns.inum) != namespace)
		return 0;

	int key = 0;
	struct chunk *chunk = bpf_map_lookup_elem(&scratch, &key);
	if (!chunk)
		return 0;
	chunk->id = __sync_fetch_and_add(&last_id, 1) + 1;
	chunk->by = before ? before->id : 0;
	chunk->ppid = before ? before->ppid : 0;
	chunk->at = bpf_ktime_get_boot_ns();
	chunk->pid = number.nr;
	chunk->uid = bpf_get_current_uid_gid();
	struct running now = { .id = chunk->id, .ppid = chunk->ppid };
	bpf_map_update_elem(&processes, &tgid, &now, BPF_ANY);

	const char *file = BPF_CORE_READ(binprm, filename);
	if (bpf_probe_read_kernel_str(chunk->file, sizeof(chunk->file), file) < 0)
		chunk->file[0] = 0;
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	unsigned long start = BPF_CORE_READ(mm, arg_start);
	chunk->total = BPF_CORE_READ(mm, arg_end) - start;
	for (unsigned int i = 0; i < MAX_CHUNKS; i++) {
		unsigned long offset = i * CHUNK;
		if (i > 0 && offset >= chunk->total)
			break;
		unsigned long left = chunk->total - offset;
		/* Keeps it in one register, so that the kernel sees its bound. */
		asm volatile("" : "+r"(left));
		if (left > CHUNK)
			left = CHUNK;
		chunk->offset = offset;
		chunk->bytes = left;
		if (bpf_probe_read_user(chunk->data, left, (void *)(start + offset)) < 0)
			chunk->bytes = 0;
		if (bpf_ringbuf_output(&told, chunk, sizeof(*chunk) - CHUNK + left, 0) < 0) {
			__sync_fetch_and_add(&lost, 1);
			break;
		}
	}
	return 0;
}
