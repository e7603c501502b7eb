using System.Threading.Channels;
using SimplexActors.Actors.Cluster.Links;

namespace SimplexActors.Actors.Tests.Cluster.Links;

/// <summary>Keeps what arrives; a test can hold streams up.</summary>
internal sealed class TestReceiver : ILinkReceiver
{
    private readonly Channel<(int Stream, byte[] Message)> _arrived = Channel.CreateUnbounded<(int, byte[])>();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _closings;
    private long _bytes;

    /// <summary>What happens with a message; by default nothing.</summary>
    public Func<int, ReadOnlyMemory<byte>, ValueTask> Taking { get; set; } = (_, _) => ValueTask.CompletedTask;

    /// <summary>Times that it was told that the session closed.</summary>
    public int Closings => _closings;

    /// <summary>Messages that came after it was told that the session closed.</summary>
    public int Late { get; private set; }

    /// <summary>Bytes that arrived.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Completes when the session closed.</summary>
    public Task ClosedAsync() => _closed.Task.WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>The next message.</summary>
    public async Task<(int Stream, byte[] Message)> NextAsync() => await _arrived.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>Whether something arrived that was not looked at.</summary>
    public bool HasMore => _arrived.Reader.TryPeek(out _);

    public ValueTask ReceiveAsync(int stream, ReadOnlyMemory<byte> message)
    {
        Late += _closings;
        Interlocked.Add(ref _bytes, message.Length);
        _arrived.Writer.TryWrite((stream, message.ToArray()));
        return Taking(stream, message);
    }

    public void Closed()
    {
        Interlocked.Increment(ref _closings);
        _closed.TrySetResult();
    }
}
