using System.Runtime.InteropServices;

namespace SimplexActors.Nodes.Hosting;

/// <summary>
/// SIGINT, SIGTERM and the operator's wish. The first one asks for a graceful stop, a second signal ends the process at once with
/// the exit code that shells give to that signal (O-205).
/// </summary>
internal sealed class TerminationSignals : IDisposable
{
    private const int SignalExitCodeBase = 128;

    private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _received = new();
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Takes over both signals until disposed.</summary>
    public TerminationSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, "SIGINT", 2)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, "SIGTERM", 15)),
    ];

    /// <summary>Completes with the name of the first signal.</summary>
    public Task<string> First => _first.Task;

    /// <summary>Cancelled at the first signal, for work that need not be finished.</summary>
    public CancellationToken Received => _received.Token;

    /// <summary>Does what a first signal does; after one it does nothing.</summary>
    public void Request(string name)
    {
        if (_first.TrySetResult(name))
        {
            _received.Cancel();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _received.Dispose();
    }

    private void Handle(PosixSignalContext context, string name, int number)
    {
        context.Cancel = true;
        if (!_first.TrySetResult(name))
        {
            Environment.Exit(SignalExitCodeBase + number);
        }

        _received.Cancel();
    }
}
