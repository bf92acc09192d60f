using Isthmus.Cli;

return await CommandLine.RunAsync(args);
