using Microsoft.Extensions.Logging.Abstractions;
using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Bench.Engine;

/// <summary>A region of entities that are pinged, and a count of their answers.</summary>
internal sealed class PingRegion : IEffectPerformer<int>, IAsyncDisposable
{
    private readonly GroupCommitWriter<PingState, int> _writer;
    private readonly ManualResetEventSlim _reached = new();
    private long _answers;
    private long _target = long.MaxValue;

    public PingRegion(bool runOnCaller, object? kept = null, int loaded = 10_000_000)
    {
        var store = new NullStore();
        _writer = new GroupCommitWriter<PingState, int>(store, NullLogger.Instance, TimeProvider.System);
        Region = new ShardRegion<PingState, PingState, Ping, int, int>(
            new PingKind { Kept = kept },
            store,
            _writer,
            this,
            new ShardRegionOptions { RunOnCaller = runOnCaller, LoadedEntities = loaded },
            TimeProvider.System,
            NullLogger.Instance);
    }

    public ShardRegion<PingState, PingState, Ping, int, int> Region { get; }

    public WriterMetrics Writer => _writer.Metrics;

    /// <summary>Makes entities and waits until they are there.</summary>
    public async Task<EntityId[]> CreateAsync(int count)
    {
        var ids = new EntityId[count];
        for (int i = 0; i < count; i++)
        {
            ids[i] = EntityId.Random();
        }

        await SendAsync(ids, Ping.Create, count, threads: 1);
        return ids;
    }

    /// <summary>Sends and completes when everything is answered.</summary>
    public async Task SendAsync(EntityId[] ids, Ping ping, int messages, int threads)
    {
        Expect(messages);
        await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(() => SendSomeAsync(ids, ping, messages / threads, thread * (ids.Length / threads)))));
        await Task.Run(_reached.Wait);
    }

    /// <summary>One message, there and back.</summary>
    public void SendAndWait(in EntityId id, Ping ping)
    {
        Expect(1);
        Region.TryTell(id, ping);
        _reached.WaitHandle.WaitOne();
    }

    public void Perform(in EntityId entityId, int effect)
    {
        if (Interlocked.Increment(ref _answers) == Volatile.Read(ref _target))
        {
            _reached.Set();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Region.StopAsync();
        Region.Dispose();
        await _writer.DisposeAsync();
        _reached.Dispose();
    }

    private void Expect(int messages)
    {
        _reached.Reset();
        Volatile.Write(ref _answers, 0);
        Volatile.Write(ref _target, messages);
    }

    private async Task SendSomeAsync(EntityId[] ids, Ping ping, int messages, int offset)
    {
        for (int i = 0; i < messages; i++)
        {
            EntityId id = ids[(i + offset) % ids.Length];
            if (Region.TryTell(id, ping) != TellResult.Taken)
            {
                await Region.TellAsync(id, ping, CancellationToken.None);
            }
        }
    }
}
