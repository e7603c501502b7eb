using System.Security.Cryptography;
using SimplexActors.Acceptance.Support;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Control;

/// <summary>The real program with a control port.</summary>
public sealed class ControlledRouter : IAsyncDisposable
{
    public const string Admin = "admin-password", User = "user-password";

    private readonly TemporaryFolder? _owned;

    private ControlledRouter(TestRouter router, int port, TemporaryFolder? owned) => (Router, Port, _owned) = (router, port, owned);

    /// <summary>The router.</summary>
    public TestRouter Router { get; }

    /// <summary>Of the control port.</summary>
    public int Port { get; }

    /// <summary>Starts it on a folder of its own, or on this one.</summary>
    public static async Task<ControlledRouter> StartAsync(string? folder = null, params string[] settings)
    {
        TemporaryFolder? owned = folder is null ? new TemporaryFolder() : null;
        int port = FreePort.Find(new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
        TestRouter router = await TestRouter.StartAsync(
            folder ?? owned!.Path,
            [$"control.port={port}", $"control.admin_password={Admin}", $"control.user_password={User}", .. settings]);
        return new ControlledRouter(router, port, owned);
    }

    /// <summary>A session without a role.</summary>
    public Task<ControlSessionClient> ConnectAsync() => ControlSessionClient.ConnectAsync(Port);

    /// <summary>A session of an administrator.</summary>
    public Task<ControlSessionClient> AdminAsync() => ConnectAsync(Admin, "CPRAdmin");

    /// <summary>A session of a user.</summary>
    public Task<ControlSessionClient> UserAsync() => ConnectAsync(User, "CPRUser");

    public async ValueTask DisposeAsync()
    {
        await Router.DisposeAsync();
        _owned?.Dispose();
    }

    private async Task<ControlSessionClient> ConnectAsync(string password, string role)
    {
        ControlSessionClient session = await ConnectAsync();
        Assert.Equal($"Current role is {role}", await session.AskOneAsync($"auth {password}"));
        return session;
    }
}

/// <summary>One router for the tests of a class; it may block as many queues as they want.</summary>
public sealed class ControlFixture : IAsyncLifetime
{
    private ControlledRouter? _router;

    /// <summary>The router.</summary>
    public ControlledRouter Router => _router ?? throw new InvalidOperationException("The router is not started.");

    public async ValueTask InitializeAsync() => _router = await ControlledRouter.StartAsync(null, "control.daily_block_queue_quota=0");

    public ValueTask DisposeAsync() => _router?.DisposeAsync() ?? ValueTask.CompletedTask;
}
