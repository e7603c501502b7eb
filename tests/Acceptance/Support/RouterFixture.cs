using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Support;

/// <summary>One router for all tests of a class.</summary>
public class RouterFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TestRouter? _router;

    /// <summary>The router.</summary>
    public TestRouter Router => _router ?? throw new InvalidOperationException("The router is not started.");

    /// <summary>Keys of the configuration.</summary>
    protected virtual string[] Settings => [];

    public async ValueTask InitializeAsync() => _router = await TestRouter.StartAsync(_folder.Path, Settings);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_router is not null)
        {
            await _router.DisposeAsync();
        }

        _folder.Dispose();
    }
}
