using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>Keeps one session with one node for as long as it is a member of the cluster.</summary>
internal sealed class PeerDialer(NodeNumber node, INodeAddresses addresses, LinkOpener opener, LinkOptions options, RefusalLog refusals, ILogger logger)
{
    private volatile LinkSession? _session;

    /// <summary>The open session; null while there is none.</summary>
    public ILinkSession? Session => _session is { IsOpen: true } session ? session : null;

    /// <summary>Ends the session, if there is one; another is dialled.</summary>
    public Task EndAsync() => _session?.CloseAsync("the node joined again") ?? Task.CompletedTask;

    /// <summary>Dials and dials again, until the node is no member any more or it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        // Whoever asked for the session does not wait for the beginning of this.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        TimeSpan pause = options.DialFirst;
        try
        {
            while (addresses.AddressOf(node) is { } address)
            {
                long start = options.Time.GetTimestamp();
                await DialAsync(address, cancellation);
                bool wasGood = options.Time.GetElapsedTime(start) >= LinkLimits.GoodLife && _session is not null;
                pause = wasGood ? options.DialFirst : pause;
                _session = null;
                await Task.Delay(Jitter(pause), options.Time, cancellation);
                pause = pause * 2 < options.DialLongest ? pause * 2 : options.DialLongest;
            }
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            // The links are being closed, which breaks off whatever was under way.
        }

        if (_session is { } last)
        {
            await last.CloseAsync(cancellation.IsCancellationRequested ? "the node stops" : "the node is no member any more");
        }
    }

    private async Task DialAsync((string Host, int Port) address, CancellationToken cancellation)
    {
        try
        {
            Socket socket = await ConnectAsync(address, cancellation);
            (_session, LinkAgreement agreement) = await opener.OpenAsync(socket, node, cancellation);
            if (_session is null)
            {
                refusals.NotReached(node, agreement.Refusal!);
                return;
            }

            refusals.Forget(node, isOwn: true);
            await KeepAsync(_session, cancellation);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            refusals.NotReached(node, LinkFailure.Describe(e));
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            LinkLog.DialFault(logger, e, node);
        }
    }

    private async Task<Socket> ConnectAsync((string Host, int Port) address, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(options.HandshakeTime, options.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, both.Token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Returns when the session ended; ends it when the node is no member any more.</summary>
    private async Task KeepAsync(LinkSession session, CancellationToken cancellation)
    {
        while (!session.Over.IsCompleted)
        {
            if (addresses.AddressOf(node) is null)
            {
                await session.CloseAsync("the node is no member any more");
                return;
            }

            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(session.Over, Task.Delay(options.MemberCheck, options.Time, enough.Token));
            await enough.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private static TimeSpan Jitter(TimeSpan pause) => pause * (0.5 + (Random.Shared.NextDouble() / 2));
}
