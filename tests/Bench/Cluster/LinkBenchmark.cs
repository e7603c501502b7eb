using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Testing;

namespace SimplexActors.Bench.Cluster;

/// <summary>
/// <c>bench links</c>: questions and answers over one session between two nodes of this process, with real TLS on loopback.
/// A question is sent with credit and its answer, of the same size, is posted. The processor time is that of both nodes.
/// </summary>
internal static class LinkBenchmark
{
    private const int Streams = 256;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    /// <summary>Measures and prints.</summary>
    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        ClusterCertificates.CreateAuthority(folder.Path, TimeProvider.System);
        var addresses = new Addresses();
        var asks = new Asking();
        await using NodeLinks answering = Start(folder.Path, 1, addresses, new Answering());
        await using NodeLinks asking = Start(folder.Path, 2, addresses, asks);
        _ = asking.To(new NodeNumber(1));
        ILinkSession session = await asks.Opened;
        Console.WriteLine($"{"bytes",8}{"in flight",11}{"round trips/s",15}{"us each",10}{"CPU us each",13}{"allocated",11}");
        foreach (int bytes in (int[])[200, 16_000])
        {
            foreach (int inFlight in (int[])[1, 32, 256])
            {
                await MeasureAsync(session, asks, bytes, inFlight, Duration / 2, prints: false);
                await MeasureAsync(session, asks, bytes, inFlight, Duration, prints: true);
            }
        }
    }

    private static async Task MeasureAsync(ILinkSession session, Asking asks, int bytes, int inFlight, TimeSpan duration, bool prints)
    {
        byte[] question = new byte[bytes];
        Random.Shared.NextBytes(question);
        using var process = Process.GetCurrentProcess();
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = process.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        long[] counts = await Task.WhenAll(Enumerable.Range(0, inFlight).Select(stream => AskAsync(session, asks, stream % Streams, question, duration)));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        double cpuMicroseconds = (process.TotalProcessorTime - cpu).TotalMicroseconds;
        long count = counts.Sum();
        if (prints)
        {
            double each = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)count;
            Console.WriteLine($"{bytes,8:N0}{inFlight,11}{count / seconds,15:N0}{seconds * 1e6 / count,10:N1}{cpuMicroseconds / count,13:N1}{each,11:N0}");
        }
    }

    private static async Task<long> AskAsync(ILinkSession session, Asking asks, int stream, byte[] question, TimeSpan duration)
    {
        await Task.Yield();
        long count = 0;
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            Task answered = asks.Expect(stream);
            if (!await session.SendAsync(stream, question, CancellationToken.None))
            {
                throw new InvalidOperationException("The session ended.");
            }

            await answered;
            count++;
        }

        return count;
    }

    private static NodeLinks Start(string folder, long number, Addresses addresses, ILinkHandler handler)
    {
        string name = $"node{number}";
        ClusterCertificates.CreateNode(folder, name, TimeProvider.System);
        var options = new LinkOptions
        {
            Bind = new IPEndPoint(IPAddress.Loopback, 0),
            Credentials = new LinkCredentials(Path.Combine(folder, ClusterCertificates.AuthorityCertificate), ClusterCertificates.CertificateOf(folder, name), ClusterCertificates.KeyOf(folder, name), TimeProvider.System),
            Cluster = "bench"u8.ToArray(),
            ShardCount = Streams,
        };
        var links = new NodeLinks(options, addresses, NullLogger<NodeLinks>.Instance);
        addresses.Ports[number] = links.Bind().Port;
        links.Start(() => new NodeNumber(number), handler);
        return links;
    }

    private sealed class Addresses : INodeAddresses
    {
        public Dictionary<long, int> Ports { get; } = [];

        public (string Host, int Port)? AddressOf(NodeNumber node) => ("127.0.0.1", Ports[node.Value]);
    }

    private sealed class Answering : ILinkHandler
    {
        public ILinkReceiver Opened(ILinkSession session, bool isOwn) => new Receiver((stream, message) => session.Post(stream, message.Span));
    }

    private sealed class Asking : ILinkHandler
    {
        private readonly TaskCompletionSource<ILinkSession> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource[] _answers = new TaskCompletionSource[Streams];

        public Task<ILinkSession> Opened => _opened.Task;

        public Task Expect(int stream) => (_answers[stream] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        ILinkReceiver ILinkHandler.Opened(ILinkSession session, bool isOwn)
        {
            _opened.SetResult(session);
            return new Receiver((stream, _) => _answers[stream].SetResult());
        }
    }

    private sealed class Receiver(Action<int, ReadOnlyMemory<byte>> take) : ILinkReceiver
    {
        public ValueTask ReceiveAsync(int stream, ReadOnlyMemory<byte> message)
        {
            take(stream, message);
            return ValueTask.CompletedTask;
        }

        public void Closed()
        {
            // The benchmark is over.
        }
    }
}
