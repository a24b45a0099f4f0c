/*
 * Prints a line of JSON for every program that is started in a sandbox. `watch NAMESPACE` takes the number of the sandbox's namespace
 * of processes; a line on its input is answered with `{"settled":...}` once all that was started before it has been printed.
 */

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <bpf/libbpf.h>
#include "exec.h"
#include "exec.skel.h"

/* Milliseconds between the epoch and boot. */
static double booted_at;

static double now_ms(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void print_base64(const unsigned char *data, unsigned int bytes)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (unsigned int i = 0; i < bytes; i += 3) {
		unsigned int left = bytes - i;
		unsigned int bits = data[i] << 16 | (left > 1 ? data[i + 1] << 8 : 0) | (left > 2 ? data[i + 2] : 0);
		putchar(digits[bits >> 18]);
		putchar(digits[bits >> 12 & 63]);
		putchar(left > 1 ? digits[bits >> 6 & 63] : '=');
		putchar(left > 2 ? digits[bits & 63] : '=');
	}
}

static int print_chunk(void *context, void *data, size_t size)
{
	const struct chunk *chunk = data;
	printf("{\"id\":%llu,\"offset\":%u,\"total\":%u,\"data\":\"", chunk->id, chunk->offset, chunk->total);
	print_base64((const unsigned char *)chunk->data, chunk->bytes);
	printf("\"");
	if (chunk->offset == 0) {
		printf(",\"by\":%llu,\"pid\":%u,\"ppid\":%u,\"uid\":%u,\"at\":%.3f,\"file\":\"", chunk->by, chunk->pid,
		       chunk->ppid, chunk->uid, booted_at + chunk->at / 1e6);
		print_base64((const unsigned char *)chunk->file, strnlen(chunk->file, sizeof(chunk->file)));
		printf("\"");
	}
	printf("}\n");
	return 0;
}

static int fail(const char *what, int error)
{
	fprintf(stderr, "%s: %s\n", what, strerror(error));
	return 1;
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return fail("expected the number of a namespace", EINVAL);
	libbpf_set_print(NULL);
	struct exec *watch = exec__open();
	if (!watch)
		return fail("the program for the kernel can't be read", errno);
	watch->rodata->namespace = strtoul(argv[1], NULL, 10);
	int error = exec__load(watch);
	if (!error)
		error = exec__attach(watch);
	if (error)
		return fail("the kernel does not let programs be watched", -error);
	struct ring_buffer *told = ring_buffer__new(bpf_map__fd(watch->maps.told), print_chunk, NULL, NULL);
	if (!told)
		return fail("the kernel gives no buffer", errno);
	booted_at = now_ms(CLOCK_REALTIME) - now_ms(CLOCK_BOOTTIME);
	printf("{\"ready\":true}\n");
	fflush(stdout);

	struct pollfd ready[] = { { .fd = STDIN_FILENO, .events = POLLIN },
				  { .fd = ring_buffer__epoll_fd(told), .events = POLLIN } };
	for (;;) {
		if (poll(ready, 2, -1) < 0 && errno != EINTR)
			return fail("it can't wait", errno);
		char asked[256];
		ssize_t bytes = ready[0].revents ? read(STDIN_FILENO, asked, sizeof(asked)) : 0;
		if (ready[0].revents && bytes <= 0)
			return 0;
		ring_buffer__consume(told);
		for (ssize_t i = 0; i < bytes; i++)
			if (asked[i] == '\n')
				printf("{\"settled\":true,\"lost\":%llu}\n", watch->bss->lost);
		fflush(stdout);
	}
}
