/* Where a program of a peer keeps its sockets: beside itself, in the directory of the run, which is removed with it. */
static void socket_address(char *address, size_t size, const char *scheme, int pid, int index)
{
    char program[256];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length < 0)
        fail("readlink");
    program[length] = 0;
    if ((size_t)snprintf(address, size, "%s%s.%d.%d", scheme, program, pid, index) >= size)
        fail("address");
}
