using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Playwright;

namespace Isthmus.Web.Tests;

/// <summary>A page in a window of its own. When it closes, it must not have complained: no error on the console, no failed request.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();

    private OpenPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) => Complain(message.Type is "error" or "warning", message.Text);
        page.PageError += (_, error) => Complain(true, error);
        page.Response += (_, response) => Complain(response.Status >= 400, $"{response.Status} {response.Url}");
    }

    public IPage Page { get; }

    /// <summary>The browser tells of requests that fail, and here they do on purpose.</summary>
    public bool MayComplain { get; set; }

    public ILocator Canvas => Page.Locator("#canvas");

    public static async Task<OpenPage> OpenAsync(IBrowser browser, Server server, ColorScheme scheme = ColorScheme.Light)
    {
        IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = 1400, Height = 900 },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout((float)Server.Limit.TotalMilliseconds);
        OpenPage page = new(context, await context.NewPageAsync());
        await page.Page.GotoAsync(server.Url.ToString());
        await Assertions.Expect(page.Page.Locator("body[data-connection=connected]")).ToBeVisibleAsync(Patient);
        return page;
    }

    public static LocatorAssertionsToBeVisibleOptions Patient { get; } = new() { Timeout = (float)Server.Limit.TotalMilliseconds };

    public static LocatorAssertionsToHaveCountOptions PatientCount { get; } = new() { Timeout = (float)Server.Limit.TotalMilliseconds };

    /// <summary>The row of a channel in the list.</summary>
    public ILocator Channel(string id) =>
        Page.Locator("#channels tbody tr").Filter(new() { Has = Page.GetByText(id, new() { Exact = true }) });

    /// <summary>The row of a process in the list.</summary>
    public ILocator Process(long processId) => Page.Locator("#processes tbody tr")
        .Filter(new LocatorFilterOptions { Has = Page.GetByRole(AriaRole.Link, new() { Name = Number(processId), Exact = true }) });

    public async Task SearchAsync(long processId) => await Page.GetByRole(AriaRole.Searchbox).FillAsync(Number(processId));

    public async Task ExpectHeadingAsync(string text) =>
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Name = text, Exact = true })).ToBeVisibleAsync(Patient);

    /// <summary>How many points of the graph have a colour of the style sheet.</summary>
    public Task<int> CountsPixelsAsync(string colour) => Page.EvaluateAsync<int>(
        """
        name => new Promise(done => requestAnimationFrame(() => {
          const [r, g, b] = getComputedStyle(document.documentElement).getPropertyValue(name).trim().slice(1).match(/../g).map(each => parseInt(each, 16));
          const canvas = document.getElementById('canvas');
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          let count = 0;
          for (let i = 0; i < data.length; i += 4) {
            count += Math.abs(data[i] - r) < 12 && Math.abs(data[i + 1] - g) < 12 && Math.abs(data[i + 2] - b) < 12 && data[i + 3] > 100 ? 1 : 0;
          }
          done(count);
        }))
        """,
        colour);

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        Assert.True(MayComplain || _complaints.IsEmpty, string.Join('\n', _complaints));
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private void Complain(bool isComplaint, string text)
    {
        if (isComplaint)
        {
            _complaints.Enqueue(text);
        }
    }
}
