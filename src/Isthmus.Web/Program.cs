using Isthmus.Web;
using Isthmus.Web.Server;

try
{
    await using WebServer server = WebServer.Create(ServeOptions.Parse(args));
    await server.StartAsync();
    await Console.Out.WriteLineAsync(server.Describe());
    await server.WaitForShutdownAsync();
    return 0;
}
catch (ServeException error)
{
    await Console.Error.WriteLineAsync($"isthmus serve: {error.Message}");
    return error.ExitCode;
}
catch (Exception error) when (error is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
{
    await Console.Error.WriteLineAsync($"isthmus serve: {error.Message.ReplaceLineEndings(" ")}");
    return ServeException.System;
}
