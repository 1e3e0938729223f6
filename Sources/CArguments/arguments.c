#include "CArguments.h"

static int count;
static char **values;

/* glibc gives constructors what it gives main(). */
__attribute__((constructor)) static void keep(int argc, char **argv) {
    count = argc;
    values = argv;
}

int program_argument_count(void) { return count; }

const char *program_argument(int place) { return values[place]; }
