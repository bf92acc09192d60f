using System.Globalization;
using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Semaphores;

/// <summary>Sets: how they are made, found, set and removed.</summary>
public sealed class SystemVSemaphoreSetTests : IDisposable
{
    private readonly SystemVKey _key = new(Random.Shared.Next(1, int.MaxValue));

    public void Dispose() => TemporarySemaphoreSet.Remove(_key);

    [Theory]
    [InlineData("0", "600")]
    [InlineData("777", "600")]
    [InlineData("77", "666")]
    public void Create_gives_the_mode_whatever_the_umask(string umask, string mode)
    {
        using Child child = Child.Start(CreateWithUmask, Text(_key.Value), umask, mode);
        int id = Number(child.ReadLine());
        SystemVSemaphoreSetStatus status = SystemVSemaphoreSet.Open(_key).Stat();
        Assert.Equal((id, 1, (UnixFileMode)Convert.ToInt32(mode, 8)), (status.Id, status.Count, status.Owner.Mode));
        Assert.Equal((_key, LibC.geteuid(), LibC.geteuid()), (status.Owner.Key, status.Owner.User, status.Owner.CreatorUser));
    }

    [Fact]
    public void Create_when_the_key_is_taken_throws_EEXIST()
    {
        SystemVSemaphoreSet.Create(_key, 2);
        Assert.Equal(Errno.EEXIST, Assert.Throws<PosixException>(() => SystemVSemaphoreSet.Create(_key, 2)).Errno);
    }

    [Fact]
    public void Create_gives_the_values_and_leaves_them()
    {
        int[] values = [0, 5, SystemVSemaphoreSet.ValueMax];
        Assert.Equal(values, SystemVSemaphoreSet.Create(_key, 3, new() { InitialValues = values }).GetValues());
        SystemVSemaphoreSet.Open(_key).Remove();
        values = [SystemVSemaphoreSet.ValueMax, 0];
        SystemVSemaphoreSet set = SystemVSemaphoreSet.Create(_key, 2, new() { InitialValues = values });
        Assert.Equal(values, set.GetValues());
        Assert.NotNull(set.Stat().OperatedAt);
        Assert.Equal(0, SystemVSemaphoreSet.OpenOrCreate(_key, 2).GetValue(1));
    }

    [Fact]
    public void Private_sets_are_always_new_and_found_by_their_id()
    {
        SystemVSemaphoreSet first = SystemVSemaphoreSet.Create(SystemVKey.Private, 1);
        SystemVSemaphoreSet second = SystemVSemaphoreSet.OpenOrCreate(SystemVKey.Private, 1);
        Assert.NotEqual(first.Id, second.Id);
        first.Release(0);
        Assert.Equal(1, SystemVSemaphoreSet.Open(first.Id).GetValue(0));
        first.Remove();
        SystemVSemaphoreSet.Remove(second.Id);
        Assert.Throws<ArgumentOutOfRangeException>(() => SystemVSemaphoreSet.Open(SystemVKey.Private));
    }

    [Fact]
    public void What_is_not_there_throws()
    {
        Assert.Throws<FileNotFoundException>(() => SystemVSemaphoreSet.Open(_key));
        SystemVSemaphoreSet gone = SystemVSemaphoreSet.Create(SystemVKey.Private, 1);
        gone.Remove();
        Action[] calls =
        [
            () => SystemVSemaphoreSet.Open(gone.Id), gone.Remove, () => gone.Stat(), () => gone.Set(new()), () => gone.Acquire(0), () => gone.TryAcquire(0),
            () => gone.Release(0), () => gone.GetValue(0), () => gone.GetValues(), () => gone.SetValue(0, 1), () => gone.StatSemaphore(0),
            () => SystemVSemaphoreSet.Open(int.MaxValue),
        ];
        Assert.All(calls, call => Assert.Contains(Assert.Throws<PosixException>(call).Errno, new[] { Errno.EINVAL, Errno.EIDRM }));
        Assert.Throws<ArgumentOutOfRangeException>(() => SystemVSemaphoreSet.Open(-1));
    }

    [Fact]
    public void Arguments_that_cannot_be_throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SystemVSemaphoreSet.Create(_key, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SystemVSemaphoreSet.Create(_key, -1));
        Assert.Throws<ArgumentException>(() => SystemVSemaphoreSet.Create(_key, 2, new() { InitialValues = [1] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => SystemVSemaphoreSet.Create(_key, 1, new() { InitialValues = [-1] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => SystemVSemaphoreSet.Create(_key, 1, new() { InitialValues = [32768] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SystemVSemaphoreSetOptions { Mode = UnixFileMode.SetUser });
        Assert.Throws<FileNotFoundException>(() => SystemVSemaphoreSet.Open(_key));
        SystemVSemaphoreSet set = SystemVSemaphoreSet.Create(_key, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => set.SetValue(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.SetValue(0, 32768));
        Assert.Throws<ArgumentException>(() => set.SetValues(1, 2, 3));
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => set.SetValue(2, 0)).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => set.GetValue(-1)).Errno);
    }

    [Fact]
    public void Values_are_set_one_or_all()
    {
        SystemVSemaphoreSet set = SystemVSemaphoreSet.Create(_key, 3);
        set.SetValues(1, 2, 3);
        set.SetValue(1, SystemVSemaphoreSet.ValueMax);
        Assert.Equal([1, SystemVSemaphoreSet.ValueMax, 3], set.GetValues());
        Assert.Equal(new SystemVSemaphoreStatus(1, SystemVSemaphoreSet.ValueMax, Environment.ProcessId, 0, 0), set.StatSemaphore(1));
    }

    [Fact]
    public void OpenOrCreate_refuses_another_count()
    {
        SystemVSemaphoreSet.OpenOrCreate(_key, 2);
        Assert.Equal(2, SystemVSemaphoreSet.OpenOrCreate(_key, 2).Count);
        Assert.Throws<InvalidDataException>(() => SystemVSemaphoreSet.OpenOrCreate(_key, 3));
        Assert.Throws<InvalidDataException>(() => SystemVSemaphoreSet.OpenOrCreate(_key, 1));
    }

    [Fact]
    public void OpenOrCreate_by_many_makes_one_and_nobody_sees_it_without_values()
    {
        // Who made it may lose the CPU before it sets the values, for longer than the others would wait.
        SystemVSemaphoreSetOptions options = new() { InitialValues = [3], Existing = new() { InitializationTimeout = Child.Limit } };
        for (int round = 0; round < 20; round++)
        {
            SystemVSemaphoreSet[] sets = [.. Enumerable.Range(0, 16).AsParallel().WithDegreeOfParallelism(8).Select(_ =>
            {
                SystemVSemaphoreSet set = SystemVSemaphoreSet.OpenOrCreate(_key, 1, options);
                Assert.Equal(3, set.GetValue(0));
                return set;
            })];
            Assert.Single(sets.Select(set => set.Id).Distinct());
            sets[0].Remove();
        }
    }

    [Fact]
    public void A_set_that_nobody_has_operated_on_is_refused_unless_asked_for()
    {
        int id = LibC.Check(LibC.semget(_key.Value, 1, LibC.IPC_CREAT | LibC.IPC_EXCL | 0x180));
        SystemVSemaphoreSetOpenOptions impatient = new() { InitializationTimeout = TimeSpan.FromMilliseconds(20) };
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => SystemVSemaphoreSet.Open(_key, impatient));
        Assert.Contains("0.02 s", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => SystemVSemaphoreSet.OpenOrCreate(_key, 1, new() { Existing = impatient }));
        Assert.Null(SystemVSemaphoreSet.Open(id).Stat().OperatedAt);
        Assert.Equal(id, SystemVSemaphoreSet.Open(_key, new() { AcceptUninitialized = true }).Id);
    }

    [Fact]
    public void Open_waits_for_the_first_operation()
    {
        int id = LibC.Check(LibC.semget(_key.Value, 1, LibC.IPC_CREAT | LibC.IPC_EXCL | 0x180));
        int value = 0;
        Blocked open = Blocked.In(() => value = SystemVSemaphoreSet.Open(_key, new() { InitializationTimeout = Child.Limit }).GetValue(0));
        SystemVSemaphoreSet maker = SystemVSemaphoreSet.Open(id);
        maker.SetValue(0, 6);
        maker.Release(0);
        open.Join();
        Assert.Equal(7, value);
    }

    [Fact]
    public void It_outlives_its_maker()
    {
        using Child child = Child.Start(CreateWithUmask, Text(_key.Value), "0", "600");
        child.ReadLine();
        Assert.Equal(0, child.WaitForExit());
        Assert.Equal(1, SystemVSemaphoreSet.Open(_key).GetValue(0));
    }

    [Fact]
    public void Owner_and_mode_are_set()
    {
        SystemVSemaphoreSet set = SystemVSemaphoreSet.Create(_key, 1);
        set.Set(new() { Mode = UnixFileMode.UserRead });
        Assert.Equal((UnixFileMode.UserRead, LibC.geteuid()), (set.Stat().Owner.Mode, set.Stat().Owner.User));
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser can give it away.");
        set.Set(new() { User = Elsewhere.Nobody, Group = Elsewhere.Nobody });
        SystemVOwner owner = set.Stat().Owner;
        Assert.Equal((Elsewhere.Nobody, Elsewhere.Nobody, 0u), (owner.User, owner.Group, owner.CreatorUser));
    }

    [Fact]
    public void Another_user_may_do_nothing_with_it()
    {
        SystemVSemaphoreSet set = SystemVSemaphoreSet.Create(_key, 1);
        Assert.Equal("EACCES EACCES EACCES EACCES EACCES EACCES EPERM\n", Elsewhere.AsNobody(TryAll, Text(_key.Value), Text(set.Id)));
        Assert.Equal(0, set.GetValue(0));
    }

    [Fact]
    public void A_set_that_another_user_put_at_the_key_is_refused_unless_asked_for()
    {
        int id = Number(Elsewhere.AsNobody(CreateWithUmask, Text(_key.Value), "0", "666"));
        UnauthorizedAccessException error = Assert.Throws<UnauthorizedAccessException>(() => SystemVSemaphoreSet.Open(_key));
        Assert.Equal(Errno.EPERM, Assert.IsType<PosixException>(error.InnerException).Errno);
        Assert.Throws<UnauthorizedAccessException>(() => SystemVSemaphoreSet.OpenOrCreate(_key, 1));
        Assert.Throws<UnauthorizedAccessException>(() => SystemVSemaphoreSet.Open(id));
        Assert.Equal(id, SystemVSemaphoreSet.Open(_key, new() { AnyOwner = true }).Id);
        Assert.Equal(id, SystemVSemaphoreSet.OpenOrCreate(_key, 1, new() { Existing = new() { AnyOwner = true } }).Id);
    }

    [Fact]
    public void Limits_of_the_machine_stand_in_the_errors()
    {
        string text = Elsewhere.InIpcNamespace("echo '4 6 3 2' > /proc/sys/kernel/sem", ExhaustLimits);
        Assert.Contains("EINVAL", text, StringComparison.Ordinal);
        Assert.Contains("A set may have 4 semaphores here", text, StringComparison.Ordinal);
        Assert.Contains("ENOSPC", text, StringComparison.Ordinal);
        Assert.Contains("2 sets, with 6 semaphores in all", text, StringComparison.Ordinal);
        Assert.Contains("E2BIG", text, StringComparison.Ordinal);
        Assert.Contains("3 operations here", text, StringComparison.Ordinal);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static void CreateWithUmask(string[] args)
    {
        _ = LibC.umask(Convert.ToUInt32(args[1], 8));
        SystemVSemaphoreSet set = SystemVSemaphoreSet.Create(
            new(Number(args[0])), 1, new() { InitialValues = [1], Mode = (UnixFileMode)Convert.ToInt32(args[2], 8) });
        Console.WriteLine(Text(set.Id));
    }

    private static void TryAll(string[] args)
    {
        SystemVSemaphoreSet set = SystemVSemaphoreSet.Open(Number(args[1]), new() { AnyOwner = true });
        Action[] calls =
        [
            () => SystemVSemaphoreSet.Open(new SystemVKey(Number(args[0]))), () => set.Release(0), () => set.WaitForZero(0), () => set.GetValue(0),
            () => set.SetValue(0, 1), () => set.Stat(), set.Remove,
        ];
        Console.WriteLine(string.Join(' ', calls.Select(call =>
            ((PosixException)Assert.Throws<UnauthorizedAccessException>(call).InnerException!).Errno)));
    }

    private static void ExhaustLimits(string[] args)
    {
        Console.WriteLine(Assert.Throws<PosixException>(() => SystemVSemaphoreSet.Create(SystemVKey.Private, 5)).Message);
        SystemVSemaphoreSet set = SystemVSemaphoreSet.Create(SystemVKey.Private, 4);
        SystemVSemaphoreSet.Create(SystemVKey.Private, 1);
        Console.WriteLine(Assert.Throws<PosixException>(() => SystemVSemaphoreSet.Create(SystemVKey.Private, 1)).Message);
        SemaphoreOperation[] operations = [.. Enumerable.Repeat(SemaphoreOperation.Release(0), 4)];
        Console.WriteLine(Assert.Throws<PosixException>(() => set.Operate(operations)).Message);
    }
}
