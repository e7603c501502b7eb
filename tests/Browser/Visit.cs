using System.Collections.Concurrent;
using Microsoft.Playwright;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Browser;

/// <summary>A page in a window, and everything that it asked for and complained about.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly string _site;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<Asked> _requests = new();

    internal Visit(IBrowserContext context, IPage page, string site)
    {
        (_context, _site, Page) = (context, site, page);
        page.Console += (_, message) => _complaints.Enqueue($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.RequestFailed += (_, request) => _complaints.Enqueue($"failed: {request.Url}");
        context.Request += (_, request) => _requests.Enqueue(
            new Asked(request.Url, request.IsNavigationRequest, request.Headers.GetValueOrDefault("referer") ?? ""));
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Opens a path of the router and waits until all of it is there.</summary>
    public Task OpenAsync(string path) => Page.GotoAsync(_site + path, new PageGotoOptions { WaitUntil = WaitUntilState.NetworkIdle });

    /// <summary>Allows the page to use the clipboard.</summary>
    public Task AllowClipboardAsync() => _context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);

    /// <summary>The text of the QR code with this name.</summary>
    public async Task<string> ScanAsync(string name) =>
        await QrScanner.ScanAsync(await Page.GetByRole(AriaRole.Img, new() { Name = name }).ScreenshotAsync());

    /// <summary>Keeps a picture of the whole page, for people.</summary>
    public Task KeepPictureAsync(string name) =>
        Page.ScreenshotAsync(new PageScreenshotOptions { Path = Repository.PathOf("artifacts", "browser", name + ".png"), FullPage = true });

    /// <summary>
    /// Nothing was complained about, nothing left the router's host, and what the page loaded holds no part of a link's secret.
    /// </summary>
    public void AssertQuiet(string? secret = null)
    {
        Assert.Empty(_complaints);
        Assert.NotEmpty(_requests);
        Assert.All(_requests, request => Assert.StartsWith(_site + "/", request.Url));
        Assert.All(_requests, request => Assert.Equal("", request.Referrer));
        if (secret is not null)
        {
            // The address of the page itself is shown with its fragment; browsers do not send that.
            Assert.All(_requests.Where(request => !request.IsNavigation), request => Assert.DoesNotContain(secret, request.Url));
        }
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private sealed record Asked(string Url, bool IsNavigation, string Referrer);
}
