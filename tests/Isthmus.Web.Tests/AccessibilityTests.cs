using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Playwright;

namespace Isthmus.Web.Tests;

/// <summary>What axe-core knows of WCAG 2.2 (A and AA), held against each part of the page, light and dark.</summary>
public sealed class AccessibilityTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private readonly BrowserFixture _fixture = fixture;

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task No_rule_of_axe_is_broken(ColorScheme scheme)
    {
        using Planted deadlock = Planted.Deadlock();
        using Planted pair = Planted.Pair();
        await using OpenPage page = await OpenPage.OpenAsync(_fixture.Browser, _fixture.Server, scheme);
        await Assertions.Expect(page.Page.Locator(".stuck li").First).ToBeVisibleAsync(OpenPage.Patient);
        await page.Page.EvaluateAsync(await File.ReadAllTextAsync(AxePath(), TestContext.Current.CancellationToken));

        await page.Page.GetByText("Kinds", new() { Exact = true }).ClickAsync();
        await AssertNoneIsBrokenAsync(page, "lists");

        await page.SearchAsync(pair.Numbers[1]);
        await page.Page.GetByRole(AriaRole.Searchbox).PressAsync("Enter");
        await page.ExpectHeadingAsync($"{pair.Numbers[1]} cat");
        await AssertNoneIsBrokenAsync(page, "process");

        await page.Page.Locator("#detail").GetByRole(AriaRole.Link, new() { Name = $"pipe:{pair.Numbers[2]}" }).ClickAsync();
        await page.ExpectHeadingAsync($"pipe:{pair.Numbers[2]}");
        await AssertNoneIsBrokenAsync(page, "object");
    }

    private static async Task AssertNoneIsBrokenAsync(OpenPage page, string part)
    {
        JsonElement? broken = await page.Page.EvaluateAsync("""
            async () => {
              const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
              const { violations } = await axe.run(document, { runOnly: tags });
              return violations.map(each => `${each.id}: ${each.nodes.map(node => node.html.slice(0, 150)).slice(0, 3).join(' | ')}`);
            }
            """);
        Assert.True(broken!.Value.GetArrayLength() == 0, $"{part}: {broken}");
    }

    // From the packages with which the page was built.
    private static string AxePath([CallerFilePath] string file = "") =>
        Path.GetFullPath("../../src/Isthmus.Web/Page/node_modules/axe-core/axe.min.js", Path.GetDirectoryName(file)!);
}
