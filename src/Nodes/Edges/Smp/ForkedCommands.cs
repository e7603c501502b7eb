using SimplexActors.Actors;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// The commands of one connection that wait for other machines (<c>PRXY</c>, <c>PFWD</c>, <c>RSLV</c>): each runs beside the
/// others and is answered on its own, in any order (S-331). When too many run, the connection is read no further until
/// one is done (S-354); when the connection ends, all of them are cancelled (S-355). What a proxy forwards is of many
/// clients and has a larger limit, so that a slow resolver does not hold up everything that the proxy sends.
/// </summary>
internal sealed class ForkedCommands(SmpConnection connection, SmpRouter router) : IDisposable
{
    private static readonly ErrResponse Failed = new(SmpError.Internal);

    private readonly CancellationTokenSource _ended = new();
    private readonly SemaphoreSlim _room = new(router.ForkedCommandsPerConnection);
    private readonly SemaphoreSlim _roomForForwarded = new(Limits.ForwardedLookupsPerConnection);

    /// <summary>Starts a command when there is room for it. The command of <paramref name="slot"/> counts as answered in its block.</summary>
    /// <param name="slot">The command; its answer leaves with its ids.</param>
    /// <param name="run">Gives the answer; cancelled when the connection ends.</param>
    public async ValueTask StartAsync(CommandSlot slot, Func<CancellationToken, Task<SmpResponse>> run)
    {
        SemaphoreSlim room = slot.Forwarded is null ? _room : _roomForForwarded;
        try
        {
            await room.WaitAsync(_ended.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        _ = RunAsync(slot, run, room);
    }

    /// <summary>Cancels everything; nothing is answered any more.</summary>
    public void Dispose() => _ended.Cancel();

    private async Task RunAsync(CommandSlot slot, Func<CancellationToken, Task<SmpResponse>> run, SemaphoreSlim room)
    {
        try
        {
            slot.Response = await run(_ended.Token);
            connection.Answer(slot);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // Nobody waits for this answer any more.
        }
        catch (Exception fault)
        {
            // The command's own fault boundary: whatever it is ends this command and nothing else.
            SmpEdgeLog.ForkedCommandFault(router.Logger, fault);
            slot.Response = Failed;
            connection.Answer(slot);
        }
        finally
        {
            room.Release();
        }
    }
}
