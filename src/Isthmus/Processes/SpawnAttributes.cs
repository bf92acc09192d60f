using Isthmus.Native;

namespace Isthmus;

/// <summary>What a child takes from the thread that creates it; applied to a thread that ends afterwards, as nothing
/// of it can be undone.</summary>
internal static class SpawnAttributes
{
    public static bool Any(ChildProcessOptions options) =>
        options.Umask is not null || options.Nice is not null || options.Affinity is not null
        || options.SchedulingPolicy is not null || options.User is not null;

    /// <summary>Changes the calling thread. Credentials come last: the rest may need the rights of now.</summary>
    public static void Apply(ChildProcessOptions options)
    {
        if (options.Umask is { } umask)
        {
            // Threads share umask and working directory until told not to.
            LibC.Check(LibC.unshare(LibC.CLONE_FS));
            _ = LibC.umask((uint)umask);
        }
        options.Affinity?.Apply(tid: 0);
        if (options.SchedulingPolicy is { } policy)
        {
            CurrentThread.SetScheduling(policy, options.SchedulingPriority);
        }
        if (options.Nice is { } nice)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(nice, -20, nameof(options.Nice));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(nice, 19, nameof(options.Nice));
            CurrentThread.Nice = nice;
        }
        if (options.User is { } user)
        {
            Apply(user);
        }
    }

    /// <summary>Makes the calling thread, and it alone, this user for good.</summary>
    public static unsafe void Apply(UserCredentials user)
    {
        const string Hint = "To run a child as another user needs CAP_SETUID and CAP_SETGID.";
        uint[] groups = [.. user.SupplementaryGroups];
        fixed (uint* list = groups)
        {
            Check(LibC.syscall(LibC.SYS_setgroups, groups.Length, list), "setgroups", Hint);
        }
        nint uid = (nint)user.UserId, gid = (nint)user.GroupId;
        Check(LibC.syscall(LibC.SYS_setresgid, gid, gid, gid), "setresgid", Hint);
        Check(LibC.syscall(LibC.SYS_setresuid, uid, uid, uid), "setresuid", Hint);
    }

    private static void Check(nint result, string call, string hint)
    {
        if (result < 0)
        {
            Errno errno = Errno.Last;
            throw PosixException.From(errno, call, null, errno == Errno.EPERM ? hint : null);
        }
    }
}
