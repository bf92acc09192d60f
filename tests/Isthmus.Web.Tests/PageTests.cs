using Microsoft.Playwright;

namespace Isthmus.Web.Tests;

/// <summary>The page in a real browser. Every test also holds that the browser had nothing to complain about.</summary>
public sealed class PageTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private readonly BrowserFixture _fixture = fixture;

    [Fact]
    public async Task Two_processes_that_talk_are_shown_with_what_they_talk_by()
    {
        using Planted pair = Planted.Pair();
        await using OpenPage page = await OpenAsync();

        await Assertions.Expect(page.Channel($"pipe:{pair.Numbers[2]}")).ToContainTextAsync(
            $"{pair.Numbers[0]} sleep (writes) — {pair.Numbers[1]} cat (reads, waits)", new() { Timeout = 60_000 });
        await Assertions.Expect(page.Process(pair.Numbers[0])).ToBeVisibleAsync(OpenPage.Patient);
        await Assertions.Expect(page.Canvas).Not.ToHaveAttributeAsync("data-links", "0");
    }

    [Fact]
    public async Task What_passes_through_a_connection_is_told_and_makes_its_line_thick()
    {
        using Planted flow = Planted.Flow();
        await using OpenPage page = await OpenAsync();
        // Nobody else's lines.
        await page.SearchAsync(flow.Numbers[0]);

        ILocator rate = page.Page.Locator("#channels tbody tr").Filter(new() { HasText = $"{flow.Numbers[0]} python3" })
            .Filter(new() { HasText = "tcp:" }).Locator("td").Last;
        await Assertions.Expect(rate).ToContainTextAsync(new System.Text.RegularExpressions.Regex(@"^[1-9][\d.]* [KMG]iB/s$"), new() { Timeout = 60_000 });
        double thickest = double.Parse((await page.Canvas.GetAttributeAsync("data-thickest"))!, System.Globalization.CultureInfo.InvariantCulture);
        // 100 KiB a second are more than half of the way from the thinnest to the thickest.
        Assert.True(thickest > 1.2 + 3, $"The thickest line has {thickest} pixels.");
    }

    [Fact]
    public async Task The_death_of_one_of_them_is_told()
    {
        using Planted pair = Planted.Pair();
        await using OpenPage page = await OpenAsync();
        await Assertions.Expect(page.Channel($"pipe:{pair.Numbers[2]}")).ToBeVisibleAsync(OpenPage.Patient);

        Planted.Kill(pair.Numbers[1]);

        await Assertions.Expect(page.Channel($"pipe:{pair.Numbers[2]}")).ToHaveCountAsync(0, OpenPage.PatientCount);
        await Assertions.Expect(page.Process(pair.Numbers[1])).ToHaveCountAsync(0, OpenPage.PatientCount);
        await Assertions.Expect(page.Process(pair.Numbers[0])).ToBeVisibleAsync(OpenPage.Patient);
    }

    [Fact]
    public async Task Search_finds_a_process_and_one_walks_from_it_over_the_object_to_its_peer()
    {
        using Planted pair = Planted.Pair();
        await using OpenPage page = await OpenAsync();
        await page.SearchAsync(pair.Numbers[0]);
        await Assertions.Expect(page.Process(pair.Numbers[0])).ToBeVisibleAsync(OpenPage.Patient);
        await page.Page.GetByRole(AriaRole.Searchbox).PressAsync("Enter");

        await page.ExpectHeadingAsync($"{pair.Numbers[0]} sleep");
        await page.Page.Locator("#detail").GetByRole(AriaRole.Link, new() { Name = $"pipe:{pair.Numbers[2]}" }).ClickAsync();
        await page.ExpectHeadingAsync($"pipe:{pair.Numbers[2]}");
        await page.Page.Locator("#detail").GetByRole(AriaRole.Link, new() { Name = $"{pair.Numbers[1]}:0 cat reads" }).ClickAsync();
        await page.ExpectHeadingAsync($"{pair.Numbers[1]} cat");
        await Assertions.Expect(page.Page.Locator("#detail")).ToContainTextAsync(
            $"waits to read pipe {pair.Numbers[2]}; its write end is held by {pair.Numbers[0]} (sleep)");
    }

    [Fact]
    public async Task A_click_on_a_node_of_the_graph_opens_it()
    {
        using Planted pair = Planted.Pair();
        await using OpenPage page = await OpenAsync();
        await Assertions.Expect(page.Channel($"pipe:{pair.Numbers[2]}")).ToBeVisibleAsync(OpenPage.Patient);
        await page.SearchAsync(pair.Numbers[1]);
        await page.Page.GetByRole(AriaRole.Searchbox).PressAsync("Enter");
        await page.ExpectHeadingAsync($"{pair.Numbers[1]} cat");
        // Followed, it stays in the middle of the picture.
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Follow in the graph" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "← Lists" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator("#detail")).ToBeHiddenAsync();

        await page.Canvas.ClickAsync();

        await page.ExpectHeadingAsync($"{pair.Numbers[1]} cat");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Follow in the graph" })).ToHaveAttributeAsync("aria-pressed", "true");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Stop following" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Follow in the graph" })).ToHaveAttributeAsync("aria-pressed", "false");
    }

    [Fact]
    public async Task A_deadlock_is_told_in_words_and_in_red()
    {
        using Planted deadlock = Planted.Deadlock();
        await using OpenPage page = await OpenAsync();

        ILocator told = page.Page.Locator(".stuck li").Filter(new() { HasText = $"{deadlock.Numbers[0]} (" });
        await Assertions.Expect(told.First).ToContainTextAsync("a deadlock of 2 processes", new() { Timeout = 60_000 });
        await Assertions.Expect(page.Process(deadlock.Numbers[0])).ToHaveClassAsync("is-stuck");
        await Assertions.Expect(page.Process(deadlock.Numbers[0])).ToContainTextAsync("deadlock");
        Assert.True(await page.CountsPixelsAsync("--stuck") > 20, "Nothing in the graph is red.");
    }

    [Fact]
    public async Task A_kind_that_is_switched_off_is_not_shown()
    {
        using Planted pair = Planted.Pair();
        await using OpenPage page = await OpenAsync();
        ILocator channel = page.Channel($"pipe:{pair.Numbers[2]}");
        await Assertions.Expect(channel).ToBeVisibleAsync(OpenPage.Patient);

        await page.Page.GetByText("Kinds", new() { Exact = true }).ClickAsync();
        ILocator box = page.Page.Locator("#kinds").GetByLabel("pipe", new() { Exact = true });
        await box.UncheckAsync();
        await Assertions.Expect(channel).ToHaveCountAsync(0);

        await box.CheckAsync();
        await Assertions.Expect(channel).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Everything_is_reached_by_keys()
    {
        using Planted pair = Planted.Pair();
        string number = $"{pair.Numbers[0]}";
        await using OpenPage page = await OpenAsync();
        await page.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Link, new() { Name = "Skip the graph" })).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Page.Locator("#lists")).ToBeFocusedAsync();

        ILocator head = page.Page.Locator("#processes thead th").Filter(new() { HasText = "memory" });
        await head.GetByRole(AriaRole.Button).FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(head).ToHaveAttributeAsync("aria-sort", "descending");

        await page.Page.Keyboard.PressAsync("/");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
        // What is not looked for changes its place in the list all the time.
        await page.Page.Keyboard.TypeAsync(number);

        await page.Canvas.FocusAsync();
        foreach (string key in (string[])["+", "-", "ArrowLeft", "ArrowDown", "0"])
        {
            await page.Page.Keyboard.PressAsync(key);
        }
        await page.Process(pair.Numbers[0]).GetByRole(AriaRole.Link, new() { Name = number, Exact = true }).FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        // Where one has arrived is told, and the way back is one step behind.
        await Assertions.Expect(page.Page.Locator("#detail h2")).ToBeFocusedAsync();
        await Assertions.Expect(page.Page.Locator("#detail h2")).ToContainTextAsync(number);
        await page.Page.Keyboard.PressAsync("Shift+Tab");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Link, new() { Name = "← Lists" })).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Who_cannot_see_it_is_told_how_much_there_is()
    {
        await using OpenPage page = await OpenAsync();

        ILocator live = page.Page.Locator("[aria-live=polite]");
        await Assertions.Expect(live).ToContainTextAsync("processes", new() { Timeout = 60_000 });
        await Assertions.Expect(page.Canvas).ToHaveAttributeAsync("role", "img");
        string label = (await page.Canvas.GetAttributeAsync("aria-label"))!;
        Assert.Matches(@"^Graph of \d+ nodes? and \d+ connections?\.", label);
    }

    [Fact]
    public async Task It_is_dark_for_who_likes_it_dark()
    {
        await using OpenPage light = await OpenAsync();
        await using OpenPage dark = await OpenPage.OpenAsync(_fixture.Browser, _fixture.Server, ColorScheme.Dark);

        Assert.Equal("rgb(255, 255, 255)", await BackgroundOf(light));
        Assert.Equal("rgb(20, 23, 26)", await BackgroundOf(dark));
    }

    [Fact]
    public async Task A_page_that_loses_its_server_says_so()
    {
        using Server server = Server.Start();
        await using OpenPage page = await OpenPage.OpenAsync(_fixture.Browser, server);
        page.MayComplain = true;

        server.Terminate();

        await Assertions.Expect(page.Page.Locator("#status")).ToContainTextAsync("The connection is lost", new() { Timeout = 60_000 });
        await Assertions.Expect(page.Page.Locator("[aria-live=polite]")).ToContainTextAsync("The connection is lost", new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task A_process_that_ends_while_it_is_open_is_told_to_have_ended()
    {
        using Planted pair = Planted.Pair();
        await using OpenPage page = await OpenAsync();
        // The page asks for what is not there any more, and is told so.
        page.MayComplain = true;
        await page.SearchAsync(pair.Numbers[1]);
        await Assertions.Expect(page.Process(pair.Numbers[1])).ToBeVisibleAsync(OpenPage.Patient);
        await page.Page.GetByRole(AriaRole.Searchbox).PressAsync("Enter");
        await page.ExpectHeadingAsync($"{pair.Numbers[1]} cat");

        Planted.Kill(pair.Numbers[1]);

        await Assertions.Expect(page.Page.Locator("#detail")).ToContainTextAsync("This process has ended.", new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task A_report_of_bench_is_shown_when_one_is_given()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """
            { "schema": 1, "machine": { "kernel": "6.1", "cpu_model": "A Processor" }, "results": [
              { "suite": "latency", "mechanism": "pipe", "size": 64, "metric": "p50", "value": 6100, "unit": "ns" },
              { "suite": "latency", "mechanism": "pipe", "size": 4096, "metric": "p50", "value": 7400, "unit": "ns" },
              { "suite": "spawn", "mechanism": "true", "size": null, "metric": "p50", "value": 430000, "unit": "ns" } ] }
            """, TestContext.Current.CancellationToken);
        using Server server = Server.Start("--bench", file);
        await using OpenPage page = await OpenPage.OpenAsync(_fixture.Browser, server);

        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Bench report" }).ClickAsync();

        await page.ExpectHeadingAsync("Bench report");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Row, new() { Name = "pipe 6,100 7,400" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.Locator("#bench .uplot canvas")).ToBeVisibleAsync();
        File.Delete(file);
    }

    [Fact]
    public async Task Two_thousand_processes_are_few_enough_to_see()
    {
        const int Count = 2000;
        using Planted sleepers = Planted.Sleepers(Count);
        await using OpenPage page = await OpenAsync();

        await page.SearchAsync(sleepers.Numbers[1]);
        await Assertions.Expect(page.Process(sleepers.Numbers[1])).ToBeVisibleAsync(OpenPage.Patient);
        int nodes = int.Parse((await page.Canvas.GetAttributeAsync("data-nodes"))!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(nodes, 1, Count / 4);

        await page.Page.GetByRole(AriaRole.Searchbox).PressAsync("Enter");
        await page.ExpectHeadingAsync($"{sleepers.Numbers[1]} sleep");
    }

    private static Task<string> BackgroundOf(OpenPage page) => page.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    private Task<OpenPage> OpenAsync() => OpenPage.OpenAsync(_fixture.Browser, _fixture.Server);
}
