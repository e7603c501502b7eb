using Microsoft.Playwright;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Browser;

/// <summary>The real program and the system's Chromium, one of each for all tests. Without Chromium every test is skipped.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";
    private const float PatienceMs = 60_000;

    private readonly TemporaryFolder _folder = new();
    private RouterProgram? _router;
    private RouterAddress? _address;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>As the router printed it.</summary>
    public RouterAddress Address => _address ?? throw new InvalidOperationException("The router is not started.");

    /// <summary>Where the pages are, without a slash at the end.</summary>
    public string Site => $"https://localhost:{Address.Port}";

    /// <summary>Opens an empty page in a window of its own.</summary>
    /// <param name="options">The window; certificates that no authority issued are accepted in any case.</param>
    public async Task<Visit> VisitAsync(BrowserNewContextOptions? options = null)
    {
        Assert.SkipWhen(_browser is null, $"There is no {Program}: install the package chromium.");
        options ??= new BrowserNewContextOptions();
        options.IgnoreHTTPSErrors = true;
        IBrowserContext context = await _browser!.NewContextAsync(options);
        context.SetDefaultTimeout(PatienceMs);
        return new Visit(context, await context.NewPageAsync(), Site);
    }

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Program))
        {
            return;
        }

        (_router, _address) = await RouterProgram.StartDevAsync(
            _folder.Path,
            "--set", "information.operator=Example Cooperative",
            "--set", "information.operator_country=FI",
            "--set", "information.website=https://example.org/",
            "--set", "information.source_code=https://example.org/source",
            "--set", "information.admin_simplex=https://smp.example.org/a#lrdvu2d8A1GumSmoKb2krQmtKhWXq-tyGpHuM7aMwsw",
            "--set", "information.admin_email=admin@example.org",
            "--set", "information.complaints_email=complaints@example.org",
            "--set", "information.hosting=Example Hosting",
            "--set", "information.hosting_type=dedicated",
            "--set", "information.server_country=FI");
        Assertions.SetDefaultExpectTimeout(PatienceMs);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            Args = ["--no-sandbox", "--headless"],
            Timeout = PatienceMs,
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_router is not null)
        {
            await _router.DisposeAsync();
        }

        _folder.Dispose();
    }
}

/// <summary>The tests that share the browser; they run one after another.</summary>
[CollectionDefinition(nameof(BrowserTests))]
public sealed class BrowserTests : ICollectionFixture<BrowserFixture>;
