/*
 * A bare sweep over /proc: of every process its stat, status, command line and maps, of each thread where it waits, and of each descriptor its
 * link and its fdinfo, all of it read and none of it looked at: what the kernel alone takes. Command: "run COUNT"; answers ns each.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char text[1 << 16], link_text[4096];

static void read_file(int directory, const char *name)
{
    int file = openat(directory, name, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return;
    while (read(file, text, sizeof text) == sizeof text)
        ;
    close(file);
}

static int open_directory(int parent, const char *name)
{
    return openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Calls a function for each entry whose name is a number. */
static void each_number(int directory, void (*visit)(int, const char *, int), int with)
{
    DIR *entries = directory < 0 ? NULL : fdopendir(directory);
    struct dirent *entry;
    while (entries != NULL && (entry = readdir(entries)) != NULL)
        if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9')
            visit(directory, entry->d_name, with);
    if (entries != NULL)
        closedir(entries);
}

static void visit_descriptor(int links, const char *name, int infos)
{
    if (readlinkat(links, name, link_text, sizeof link_text) > 0)
        read_file(infos, name);
}

static void visit_thread(int tasks, const char *name, int unused)
{
    int thread = open_directory(tasks, name);
    (void)unused;
    if (thread < 0)
        return;
    read_file(thread, "stat");
    read_file(thread, "wchan");
    read_file(thread, "syscall");
    close(thread);
}

static void visit_process(int proc, const char *name, int unused)
{
    int process = open_directory(proc, name);
    (void)unused;
    if (process < 0)
        return;
    read_file(process, "stat");
    read_file(process, "status");
    read_file(process, "cmdline");
    read_file(process, "maps");
    each_number(open_directory(process, "task"), visit_thread, 0);
    int infos = open_directory(process, "fdinfo");
    each_number(open_directory(process, "fd"), visit_descriptor, infos);
    close(infos);
    close(process);
}

static void prepare(int argc, char **argv)
{
    (void)argc;
    (void)argv;
}

static int pair(void)
{
    each_number(open_directory(AT_FDCWD, "/proc"), visit_process, 0);
    return 0;
}

#include "cost.h"
