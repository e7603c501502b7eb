using Microsoft.Playwright;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Browser;

/// <summary>The information page in a real browser.</summary>
[Collection(nameof(BrowserTests))]
public sealed class InformationPageTests(BrowserFixture browser)
{
    [Theory]
    [InlineData(320, ColorScheme.Light)]
    [InlineData(320, ColorScheme.Dark)]
    [InlineData(768, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [Spec("O-212")]
    public async Task It_can_be_read_on_every_screen(int width, ColorScheme scheme)
    {
        await using Visit visit = await browser.VisitAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = scheme });
        await visit.OpenAsync("/");
        Assert.Equal("localhost - SimpleX message router", await visit.Page.TitleAsync());
        await visit.KeepPictureAsync($"information-{width}-{scheme}");
        await Looks.AssertReadableAsync(visit.Page, scheme);
        visit.AssertQuiet();
    }

    [Fact]
    public async Task The_code_is_the_address()
    {
        await using Visit visit = await browser.VisitAsync();
        await visit.OpenAsync("/");
        Assert.Equal(browser.Address.ToString(), await visit.Page.Locator("#address").TextContentAsync());
        Assert.Equal(browser.Address.ToString(), await visit.ScanAsync("QR code of the router's address"));
    }

    [Fact]
    public async Task The_address_can_be_copied()
    {
        await using Visit visit = await browser.VisitAsync();
        await visit.AllowClipboardAsync();
        await visit.OpenAsync("/");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Copy the address" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Copied");
        Assert.Equal(browser.Address.ToString(), await visit.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        visit.AssertQuiet();
    }

    [Fact]
    public async Task Keys_reach_everything_in_the_order_of_reading()
    {
        await using Visit visit = await browser.VisitAsync();
        await visit.OpenAsync("/");
        Assert.Equal(
            [
                "Skip to the content",
                "Copy the address",
                "https://example.org/",
                "https://smp.example.org/a#lrdvu2d8A1GumSmoKb2krQmtKhWXq-tyGpHuM7aMwsw",
                "admin@example.org",
                "complaints@example.org",
                "Source code of this router",
            ],
            await Looks.KeyboardOrderAsync(visit.Page));
        await visit.OpenAsync("/");
        await visit.Page.Keyboard.PressAsync("Tab");
        await visit.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("main", await visit.Page.EvaluateAsync<string>("document.activeElement.id"));
    }

    [Fact]
    public async Task It_needs_no_script()
    {
        await using Visit visit = await browser.VisitAsync(new() { JavaScriptEnabled = false });
        await visit.OpenAsync("/");
        await Assertions.Expect(visit.Page.Locator("#address")).ToHaveTextAsync(browser.Address.ToString());
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Img, new() { Name = "QR code of the router's address" })).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.GetByText("Example Cooperative")).ToBeVisibleAsync();

        // A button that could do nothing is not shown.
        await Assertions.Expect(visit.Page.Locator("button")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Nothing_moves_for_those_who_asked_for_that()
    {
        await using Visit still = await browser.VisitAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await still.OpenAsync("/");
        const string Transition = "getComputedStyle(document.querySelector('.button')).transitionDuration";
        Assert.Equal("0s", await still.Page.EvaluateAsync<string>(Transition));
        await using Visit moving = await browser.VisitAsync(new() { ReducedMotion = ReducedMotion.NoPreference });
        await moving.OpenAsync("/");
        Assert.NotEqual("0s", await moving.Page.EvaluateAsync<string>(Transition));
    }

    [Fact]
    public async Task An_unknown_page_leads_back()
    {
        await using Visit visit = await browser.VisitAsync(new() { ViewportSize = new() { Width = 320, Height = 640 } });
        await visit.OpenAsync("/nothing");
        await visit.KeepPictureAsync("not-found-320");
        await Looks.AssertReadableAsync(visit.Page, ColorScheme.Light);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "About this router" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("localhost");
    }
}
