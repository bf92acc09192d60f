using System.Globalization;
using Microsoft.Playwright;

namespace Isthmus.Web.Tests;

/// <summary>
/// Pictures for the documentation, in <c>artifacts/screenshots</c> and not in the repository. They are made in every run, so that making them does not
/// rot; what they show, the other tests hold.
/// </summary>
public sealed class PictureTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private readonly BrowserFixture _fixture = fixture;

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
