using SimplexActors.Protocol.Addresses;
using SimplexActors.Testing;

namespace SimplexActors.Soak;

/// <summary>A second router that messages are forwarded to; now and then it stands still for longer than the proxy waits, and goes on.</summary>
internal sealed class SoakRelay : IAsyncDisposable
{
    private static readonly TimeSpan Running = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan Standing = TimeSpan.FromSeconds(40);

    private readonly TemporaryFolder _folder;
    private readonly RouterProgram _program;

    private SoakRelay(TemporaryFolder folder, RouterProgram program, RouterAddress address) => (_folder, _program, Address) = (folder, program, address);

    /// <summary>As it printed it.</summary>
    public RouterAddress Address { get; }

    /// <summary>Starts it.</summary>
    public static async Task<SoakRelay> StartAsync()
    {
        var folder = new TemporaryFolder();
        (RouterProgram program, RouterAddress address) = await RouterProgram.StartDevAsync(folder.Path);
        return new SoakRelay(folder, program, address);
    }

    /// <summary>Stalls and returns, again and again; runs when this completes.</summary>
    public async Task RunAsync(SoakCounts counts, CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            await Task.Delay(Running, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!ending.IsCancellationRequested)
            {
                _program.Signal(RouterProgram.Sigstop);
                counts.Stalled();
                await Task.Delay(Standing, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                _program.Signal(RouterProgram.Sigcont);
            }
        }
    }

    /// <summary>Ends the process.</summary>
    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _folder.Dispose();
    }
}
