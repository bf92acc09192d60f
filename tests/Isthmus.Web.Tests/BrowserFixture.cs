using Microsoft.Playwright;

namespace Isthmus.Web.Tests;

/// <summary>One browser and one server for all tests of a class: Debian's chromium, driven by Playwright.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string[] s_places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;

    internal IBrowser Browser { get; private set; } = null!;

    internal Server Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        string browser = s_places.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("There is no chromium here; .ci/run names the package it comes from.");
        // On a busy machine each of these takes its time; whatever never comes fails all the same.
        Assertions.SetDefaultExpectTimeout((float)Server.Limit.TotalMilliseconds);
        Server = Server.Start();
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = browser,
            Timeout = 2 * (float)Server.Limit.TotalMilliseconds,
            // Root has no sandbox; the only page that is opened is ours.
            Args = Environment.UserName == "root" ? ["--no-sandbox"] : [],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.CloseAsync();
        }
        _playwright?.Dispose();
        Server?.Dispose();
    }
}
