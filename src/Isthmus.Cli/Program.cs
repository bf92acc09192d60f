using System.CommandLine;

RootCommand root = new("Processes and interprocess communication on Linux.");
return root.Parse(args).Invoke();
