using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Isthmus.Web.Server;

/// <summary>
/// Stands before everything: who has no token sees nothing, no page of somebody else can ask in the name of who has one, and nothing can be
/// changed. The first request has the token in its address; a cookie keeps it from then on, and the address loses it.
/// </summary>
internal sealed class AccessGuard(AccessToken token)
{
    private const string TokenName = "token";

    // No script, style or image but our own; in no frame; nothing of ours for other origins.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private readonly AccessToken _token = token;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        AddHeaders(context.Response.Headers);
        HttpRequest request = context.Request;
        bool hasToken = _token.Is(request.Query[TokenName]);
        if (!IsLoopbackName(request.Host.Host))
        {
            // A name that somebody made point to this machine (DNS rebinding).
            await RefuseAsync(context, StatusCodes.Status421MisdirectedRequest, "This server answers to localhost only.");
        }
        else if (!HttpMethods.IsGet(request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Get;
            await RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "Nothing can be changed here: only GET is answered.");
        }
        else if (!hasToken && ComesFromElsewhere(request))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "Another page has asked for this.");
        }
        else if (hasToken && request.Path == "/")
        {
            context.Response.Cookies.Append(CookieName(request), _token.Text, new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Path = "/",
            });
            context.Response.Headers.Location = "/";
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
        }
        else if (hasToken || _token.Is(request.Cookies[CookieName(request)]))
        {
            await next(context);
        }
        else
        {
            await RefuseAsync(
                context, StatusCodes.Status401Unauthorized, "Open the address that 'isthmus serve' has printed: it ends with a token.");
        }
    }

    private static void AddHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    // With any port: the page may be reached through a forwarded one.
    private static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    // What another port of this machine serves is "same-site": cookies and SameSite do not keep it out. Programs that are no browsers do not
    // say.
    private static bool ComesFromElsewhere(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none");

    // Cookies do not tell ports apart: two servers must not take each other's away.
    private static string CookieName(HttpRequest request) =>
        string.Create(CultureInfo.InvariantCulture, $"isthmus-{request.Host.Port ?? 80}");

    private static Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
