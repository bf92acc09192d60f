using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace Isthmus.Web.Server;

/// <summary>The files of the page, which this program carries with it: no path of a request ever reaches the file system.</summary>
internal static class PageFiles
{
    private const string Built = "page/";
    private const string Fallback = "fallback/";

    private static readonly Assembly s_assembly = typeof(PageFiles).Assembly;
    private static readonly HashSet<string> s_names = [.. s_assembly.GetManifestResourceNames()];

    /// <summary>False where there was no npm when this program was built.</summary>
    public static bool AreBuilt { get; } = s_names.Contains(Built + "index.html");

    public static async Task WriteAsync(HttpContext context)
    {
        string path = context.Request.Path.Value is "/" or null ? "index.html" : context.Request.Path.Value[1..];
        string name = (AreBuilt ? Built : Fallback) + path;
        if (!s_names.Contains(name))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = ContentType(Path.GetExtension(path));
        await using Stream file = s_assembly.GetManifestResourceStream(name)!;
        context.Response.ContentLength = file.Length;
        await file.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static string ContentType(string extension) => extension switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}
