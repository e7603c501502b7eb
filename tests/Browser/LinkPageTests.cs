using Microsoft.Playwright;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Browser;

/// <summary>The pages that links lead to, in a real browser.</summary>
[Collection(nameof(BrowserTests))]
public sealed class LinkPageTests(BrowserFixture browser)
{
    private const string Secret = "lrdvu2d8A1GumSmoKb2krQmtKhWXq-tyGpHuM7aMwsw";
    private const string Code = "QR code of this link";
    private const int LongestInCode = 2953;

    [Theory]
    [InlineData("/contact", "contact", "#/?v=2-7&smp=smp%3A%2F%2Fx%40y%2FS", "simplex:/contact#/?v=2-7&smp=smp%3A%2F%2Fx%40y%2FS")]
    [InlineData("/contact/", "contact", "#/?v=2-7&smp=S", "simplex:/contact#/?v=2-7&smp=S")]
    [InlineData("/invitation", "invitation", "#/?v=2&h=other&smp=S", "simplex:/invitation#/?v=2&h=other&smp=S")]
    [InlineData("/a", "a", "#S", "simplex:/a#S?h=localhost")]
    [InlineData("/a/", "a", "#S", "simplex:/a#S?h=localhost")]
    [InlineData("/a?from=elsewhere", "a", "#S", "simplex:/a#S?h=localhost")]
    [InlineData("/c", "c", "#S?p=5223", "simplex:/c#S?p=5223&h=localhost")]
    [InlineData("/g", "g", "#S?h=other.example", "simplex:/g#S?h=localhost,other.example")]
    [InlineData("/g", "g", "#S?p=5223&h=a.example,b.onion&c=H", "simplex:/g#S?p=5223&h=localhost,a.example,b.onion&c=H")]
    [InlineData("/r", "r", "#S?c=H", "simplex:/r#S?c=H&h=localhost")]
    [InlineData("/i", "i", "#id/S", "simplex:/i#id/S?h=localhost")]
    [InlineData("/i/", "i", "#id/S?", "simplex:/i#id/S?h=localhost")]
    [Spec("O-219")]
    public async Task The_app_gets_the_link(string path, string action, string hash, string app)
    {
        hash = hash.Replace("S", Secret);
        await using Visit visit = await browser.VisitAsync(new() { DeviceScaleFactor = 2 });
        await visit.OpenAsync(path + hash);
        ILocator open = visit.Page.GetByRole(AriaRole.Link, new() { Name = "Open in the SimpleX app" });
        Assert.Equal(app.Replace("S", Secret), await open.GetAttributeAsync("href"));
        string shared = $"{browser.Site}/{action}{hash}";
        Assert.Equal($"/c {shared}", await visit.Page.Locator("#command").TextContentAsync());
        Assert.Equal(shared, await visit.ScanAsync(Code));
        visit.AssertQuiet(Secret);
    }

    [Theory]
    [InlineData(320, ColorScheme.Light)]
    [InlineData(320, ColorScheme.Dark)]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [Spec("O-212")]
    public async Task It_can_be_read_on_every_screen(int width, ColorScheme scheme)
    {
        await using Visit visit = await browser.VisitAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = scheme });
        await visit.OpenAsync($"/invitation#/?v=2-7&smp={Secret}{new string('x', 400)}");
        await visit.KeepPictureAsync($"link-{width}-{scheme}");
        await Looks.AssertReadableAsync(visit.Page, scheme);
        visit.AssertQuiet(Secret);
    }

    [Fact, Spec("O-219")]
    public async Task Codes_of_every_size_can_be_read()
    {
        await using Visit visit = await browser.VisitAsync(new() { DeviceScaleFactor = 5 });
        await visit.OpenAsync("/a");
        int before = $"{browser.Site}/a#".Length;
        var sizes = new HashSet<string>();
        for (int length = before + 1; length <= LongestInCode; length += 1 + (length / 16))
        {
            string address = $"{browser.Site}/a#{Text(length - before)}";
            await ChangeAsync(visit, address);
            ILocator code = visit.Page.GetByRole(AriaRole.Img, new() { Name = Code });
            sizes.Add((await code.GetAttributeAsync("viewBox"))!);
            Assert.Equal(address, await QrScanner.ScanAsync(await code.ScreenshotAsync()));
        }

        await ChangeAsync(visit, $"{browser.Site}/a#{Text(LongestInCode - before)}");
        Assert.Equal(LongestInCode, (await visit.ScanAsync(Code)).Length);

        // 40 versions, of which the smallest do not hold an address and the largest are passed in steps.
        Assert.InRange(sizes.Count, 30, 40);
    }

    [Fact, Spec("O-219")]
    public async Task A_link_too_long_for_a_code_says_so()
    {
        await using Visit visit = await browser.VisitAsync();
        await visit.OpenAsync($"/contact#{Text(LongestInCode)}");
        await Assertions.Expect(visit.Page.GetByText("This link is too long for a QR code")).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Img, new() { Name = Code })).ToHaveCountAsync(0);
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Open in the SimpleX app" })).ToBeVisibleAsync();
        visit.AssertQuiet();
    }

    [Fact, Spec("O-219")]
    public async Task The_page_follows_its_address()
    {
        await using Visit visit = await browser.VisitAsync();
        await visit.OpenAsync("/a");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This link is incomplete");
        await Assertions.Expect(visit.Page.GetByText("This page needs JavaScript")).ToBeHiddenAsync();
        await Assertions.Expect(visit.Page.GetByText("Open in the SimpleX app", new() { Exact = true })).ToBeHiddenAsync();
        await visit.Page.EvaluateAsync($"location.hash = '{Secret}'");
        await Assertions.Expect(visit.Page.Locator("#open")).ToHaveAttributeAsync("href", $"simplex:/a#{Secret}?h=localhost");
        await Assertions.Expect(visit.Page.Locator("#open")).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeHiddenAsync();
        visit.AssertQuiet(Secret);
    }

    [Fact]
    public async Task Keys_reach_everything_and_skipping_keeps_the_link()
    {
        await using Visit visit = await browser.VisitAsync();
        await visit.OpenAsync($"/a#{Secret}");
        Assert.Equal(
            ["Skip to the content", "SimpleX message router", "Open in the SimpleX app", "Copy the command", "App Store", "Google Play", "F-Droid", "Computers and other downloads"],
            await Looks.KeyboardOrderAsync(visit.Page));
        await visit.OpenAsync($"/a#{Secret}");
        await visit.Page.ReloadAsync();
        await visit.Page.Keyboard.PressAsync("Tab");
        await visit.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("main", await visit.Page.EvaluateAsync<string>("document.activeElement.id"));
        Assert.EndsWith($"/a#{Secret}", visit.Page.Url);
    }

    [Fact]
    public async Task The_command_can_be_copied()
    {
        await using Visit visit = await browser.VisitAsync();
        await visit.AllowClipboardAsync();
        await visit.OpenAsync($"/a#{Secret}");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Copy the command" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Copied");
        Assert.Equal($"/c {browser.Site}/a#{Secret}", await visit.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
    }

    [Fact]
    public async Task Without_scripts_it_says_what_to_do()
    {
        await using Visit visit = await browser.VisitAsync(new() { JavaScriptEnabled = false });
        await visit.OpenAsync($"/a#{Secret}");
        await Assertions.Expect(visit.Page.GetByText("This page needs JavaScript")).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Google Play" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Nothing_on_the_page_could_send_the_secret_away()
    {
        await using Visit visit = await browser.VisitAsync();
        await visit.OpenAsync($"/a#{Secret}");
        string[] outcomes = await visit.Page.EvaluateAsync<string[]>(
            """
            async () => {
              const tried = (work) => work.then(() => 'sent', () => 'refused');
              const image = new Promise((resolve, reject) => {
                const element = new Image();
                element.onload = resolve;
                element.onerror = reject;
                element.src = 'https://127.0.0.1:1/' + location.hash.slice(1);
              });
              return [await tried(fetch('/' + location.hash.slice(1))), await tried(image)];
            }
            """);
        Assert.Equal(["refused", "refused"], outcomes);
    }

    /// <summary>Goes to another link of the page that is open. It is there before the page has heard of it.</summary>
    private async Task ChangeAsync(Visit visit, string address)
    {
        await visit.OpenAsync(address[browser.Site.Length..]);
        await Assertions.Expect(visit.Page.Locator("#command")).ToHaveTextAsync($"/c {address}");
    }

    /// <summary>Text that looks like a key, the same every time.</summary>
    private static string Text(int length) =>
        string.Create(length, 0, (characters, _) =>
        {
            const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            for (int i = 0; i < characters.Length; i++)
            {
                characters[i] = Alphabet[((i * 37) + (i / 64 * 11)) % Alphabet.Length];
            }
        });
}
