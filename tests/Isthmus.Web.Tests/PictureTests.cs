using System.Globalization;
using Microsoft.Playwright;

namespace Isthmus.Web.Tests;

/// <summary>
/// Pictures of the page, in <c>artifacts/screenshots</c>. They are made in every run, so that making them does not rot; what they show, the other tests hold.
/// Those of the guide are made by <c>docs/guide/screenshots.sh</c>, which names their directory: the scene and the server are another user's there, so that
/// nothing else of the machine is on them.
/// </summary>
public sealed class PictureTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private readonly BrowserFixture _fixture = fixture;

    private static string? GuideDirectory => Environment.GetEnvironmentVariable("ISTHMUS_PICTURES");

    [Fact]
    public async Task Pictures_of_the_guide_are_made_when_they_are_asked_for()
    {
        Assert.SkipWhen(GuideDirectory is null, "ISTHMUS_PICTURES is not set: see docs/guide/screenshots.sh.");
        using Server server = Server.Start();
        using (Planted calm = Planted.Pipeline())
        {
            await using OpenPage page = await OpenPage.OpenAsync(_fixture.Browser, server);
            await Assertions.Expect(page.Channel($"pipe:{calm.Numbers[1]}")).ToBeVisibleAsync(OpenPage.Patient);
            await SaveAsync(page, GuideDirectory!, "page");
        }
        using (Planted scene = Planted.Scene())
        {
            await using OpenPage page = await OpenPage.OpenAsync(_fixture.Browser, server);
            await Assertions.Expect(page.Page.Locator(".stuck li").First).ToBeVisibleAsync(OpenPage.Patient);
            await SaveAsync(page, GuideDirectory!, "stuck");
        }
    }

    [Fact]
    public async Task Pictures_for_the_documentation_can_be_made()
    {
        using Planted scene = Planted.Scene();
        string directory = Path.GetFullPath("../../../screenshots", AppContext.BaseDirectory);
        foreach (ColorScheme scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await using OpenPage page = await OpenPage.OpenAsync(_fixture.Browser, _fixture.Server, scheme);
            await Assertions.Expect(page.Page.Locator(".stuck li").First).ToBeVisibleAsync(OpenPage.Patient);
            await SaveAsync(page, directory, $"graph-{scheme}");

            string number = scene.Numbers[0].ToString(CultureInfo.InvariantCulture);
            await page.SearchAsync(scene.Numbers[0]);
            await page.Page.GetByRole(AriaRole.Searchbox).PressAsync("Enter");
            await page.ExpectHeadingAsync($"{number} python3");
            await page.Page.GetByRole(AriaRole.Button, new() { Name = "Follow in the graph" }).ClickAsync();
            await SaveAsync(page, directory, $"process-{scheme}");
        }
    }

    private static async Task SaveAsync(OpenPage page, string directory, string name)
    {
        byte[] picture = await page.Page.ScreenshotAsync(new() { Path = Path.Combine(directory, name.ToLowerInvariant() + ".png") });
        Assert.NotEmpty(picture);
    }
}
