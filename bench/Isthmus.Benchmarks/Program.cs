using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// What this measures is allocations per operation, in one process; times between processes are `isthmus bench`.
//   dotnet run -c Release --project bench/Isthmus.Benchmarks -- --filter '*'
// With --smoke each runs once, for the tests. In process, because BenchmarkDotNet's own build needs nothing then but this one.
bool smoke = args.Contains("--smoke");
IConfig config = DefaultConfig.Instance
    .AddJob((smoke ? Job.Dry : Job.ShortRun).WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .HideColumns(Column.Error, Column.StdDev, Column.RatioSD);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run([.. args.Where(arg => arg != "--smoke")], config);
