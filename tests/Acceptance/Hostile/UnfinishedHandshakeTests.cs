using System.Net.Sockets;
using SimplexActors.Client;
using SimplexActors.Protocol.Transport;
using SimplexActors.Protocol.Transport.Tls;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Hostile;

/// <summary>Clients that begin a connection and never finish beginning.</summary>
[Collection(nameof(WholeMachine))]
public sealed class UnfinishedHandshakeTests(ITestOutputHelper output)
{
    private const int TcpConnections = 5000;
    private const int TlsConnections = 100;

    /// <summary>Files that router and test need besides the connections of the attack.</summary>
    private const int OtherFiles = 500;

    /// <summary>
    /// What may stay resident after many times thousands of handshakes, MiB, and what may be resident meanwhile: most of what they
    /// needed stays with the process for the next ones, outside the managed heap. After a dozen attacks 380 to 430 MiB more than
    /// before were kept, and 480 to 550 MiB were the most.
    /// </summary>
    private const int MaxKeptMebibytes = 600, MaxResidentMebibytes = 700;

    /// <summary>So many attacks fill all reserves. A leak takes the same from each.</summary>
    private const int MostAttacks = 10;

    /// <summary>A failure bound only.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Drip = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task Thousands_of_connections_that_never_finish_TLS_keep_nobody_out()
    {
        byte[] hello = await RecordedHello.RecordAsync();
        await using AttackedRouter router = await AttackedRouter.StartAsync();
        int most = Math.Min(router.Facts.MaxFiles, new ProcessFacts(Environment.ProcessId).MaxFiles) - OtherFiles;
        int count = Math.Min(TcpConnections, most);
        output.WriteLine($"{count} connections; the limit of open files leaves room for {most}");
        long first = await GrowthAsync(router, hello, count);
        long last = first;
        for (int attacks = 1; last > first / 4; attacks++)
        {
            Assert.True(attacks < MostAttacks, $"The first attack left {first} MiB and the last one {last} MiB more: that is no reserve, it leaks.");
            last = await GrowthAsync(router, hello, count);
        }
    }

    [Fact]
    public async Task A_hello_that_comes_byte_by_byte_is_not_waited_for()
    {
        byte[] hello = await RecordedHello.RecordAsync();
        await using AttackedRouter router = await AttackedRouter.StartAsync("--set", "limits.tls_handshake_timeout=2s");
        await Task.WhenAll(Enumerable.Range(0, TlsConnections).Select(_ => DripUntilDroppedAsync(router, hello))).WaitAsync(Patience);
        await router.AssertUnharmedAsync(output);
    }

    [Fact]
    public async Task Clients_that_stay_silent_after_TLS_are_dropped()
    {
        await using AttackedRouter router = await AttackedRouter.StartAsync("--set", "limits.smp_handshake_timeout=2s");
        using TlsContext context = TlsContext.ForClient(new TlsClientOptions());
        await Task.WhenAll(Enumerable.Range(0, TlsConnections).Select(_ => StaySilentUntilDroppedAsync(router, context))).WaitAsync(Patience);
        await router.AssertUnharmedAsync(output);
    }

    /// <summary>One attack; returns by how many MiB it raised what is resident afterwards.</summary>
    private async Task<long> GrowthAsync(AttackedRouter router, byte[] hello, int count)
    {
        long before = router.Facts.ResidentMebibytes;
        await HoldAsync(router, hello, count);
        await router.AssertUnharmedAsync(output, MaxKeptMebibytes, MaxResidentMebibytes);
        return router.Facts.ResidentMebibytes - before;
    }

    /// <summary>Opens connections, sees that others are served meanwhile, and closes them.</summary>
    private async Task HoldAsync(AttackedRouter router, byte[] hello, int count)
    {
        var sockets = new List<Socket>(count);
        try
        {
            for (int i = 0; i < count; i++)
            {
                Socket socket = await router.ConnectAsync();
                sockets.Add(socket);
                await TrySendAsync(socket, hello.AsMemory(0, i % 2 == 0 ? 0 : hello.Length / 2));
            }

            await using SmpClient newcomer = await SmpClient.ConnectAsync(router.Address);
            await newcomer.PingAsync();
            await router.Pair.ExchangeAsync(10);
            output.WriteLine($"{router.Facts.Sockets} sockets of the router, {router.Facts.ResidentMebibytes} MiB meanwhile");
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private static async Task DripUntilDroppedAsync(AttackedRouter router, byte[] hello)
    {
        using Socket socket = await router.ConnectAsync();
        using var timer = new PeriodicTimer(Drip);
        Task<int> ended = ReceiveAsync(socket);
        for (int i = 0; i < hello.Length - 1 && !ended.IsCompleted; i++)
        {
            await TrySendAsync(socket, hello.AsMemory(i, 1));
            await timer.WaitForNextTickAsync();
        }

        Assert.Equal(0, await ended);
    }

    private static async Task StaySilentUntilDroppedAsync(AttackedRouter router, TlsContext context)
    {
        await using TlsStream stream = await TlsStream.ConnectAsync(
            context, new NetworkStream(await router.ConnectAsync(), ownsSocket: true), router.Address.Fingerprint.ToArray(), default);
        byte[] block = new byte[Block.Length];
        await stream.ReadExactlyAsync(block);
        try
        {
            Assert.Equal(0, await stream.ReadAsync(block));
        }
        catch (IOException)
        {
            // Dropped without a farewell.
        }
    }

    private static async Task<int> ReceiveAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1]);
        }
        catch (SocketException reset) when (reset.SocketErrorCode is SocketError.ConnectionReset)
        {
            return 0;
        }
    }

    private static async Task TrySendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await socket.SendAsync(bytes);
        }
        catch (SocketException gone) when (gone.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            // The router has dropped the connection, which the receiving side sees too.
        }
    }
}
