/* What the kernel's side tells the other side of. */

#define CHUNK 8192
#define MAX_CHUNKS 32

/* The first chunk of a program that was started has its arguments from the beginning; further ones go on with them. */
struct chunk {
	unsigned long long id;     /* of the program, from 1 */
	unsigned long long by;     /* of the program whose process, or one forked from it, started this one; 0 where it came from outside */
	unsigned long long at;     /* nanoseconds since boot */
	unsigned int pid;          /* in its own namespace */
	unsigned int ppid;         /* of the process that forked it */
	unsigned int uid;
	unsigned int total;        /* bytes of its arguments */
	unsigned int offset;       /* of this chunk */
	unsigned int bytes;        /* in this chunk; fewer than expected where they can't be read */
	char file[128];            /* what was executed, as the kernel was told */
	char data[CHUNK];
};
