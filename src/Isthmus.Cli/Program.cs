using Isthmus.Cli;

PrintedOutput.Install();
return await CommandLine.RunAsync(args);
