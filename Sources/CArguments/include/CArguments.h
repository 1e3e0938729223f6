/* What main() gets, for programs in Embedded mode: Swift's CommandLine is not there. */
int program_argument_count(void);
const char *program_argument(int place);
