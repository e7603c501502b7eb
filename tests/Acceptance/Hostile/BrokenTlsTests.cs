using System.Net.Sockets;
using Xunit;

namespace SimplexActors.Acceptance.Hostile;

/// <summary>Bytes that are no TLS, or no longer.</summary>
[Collection(nameof(WholeMachine))]
public sealed class BrokenTlsTests(ITestOutputHelper output)
{
    private const int Connections = 600;
    private const int NoiseBytes = 40_000;
    private const int AtATime = 20;

    private readonly Random _random = new(17);

    [Fact]
    public async Task Random_bytes_and_truncated_or_spoilt_hellos_disturb_nobody()
    {
        byte[] hello = await RecordedHello.RecordAsync();
        await using AttackedRouter router = await AttackedRouter.StartAsync();
        foreach (byte[][] some in Enumerable.Range(0, Connections).Select(i => Spoil(hello, i)).Chunk(AtATime))
        {
            await Task.WhenAll(some.Select(bytes => SendAndWaitForEndAsync(router, bytes)));
        }

        await router.AssertUnharmedAsync(output);
    }

    private byte[] Spoil(byte[] hello, int way)
    {
        switch (way % 3)
        {
            case 0:
                byte[] noise = new byte[_random.Next(1, NoiseBytes)];
                _random.NextBytes(noise);
                return noise;
            case 1:
                return hello[.._random.Next(hello.Length)];
            default:
                byte[] spoilt = [.. hello];
                for (int i = _random.Next(1, 9); i > 0; i--)
                {
                    spoilt[_random.Next(spoilt.Length)] ^= (byte)_random.Next(1, 256);
                }

                return spoilt;
        }
    }

    /// <summary>Sends, says that nothing follows, and reads whatever comes up to the end.</summary>
    private static async Task SendAndWaitForEndAsync(AttackedRouter router, byte[] bytes)
    {
        using Socket socket = await router.ConnectAsync();
        byte[] answer = new byte[4096];
        try
        {
            await socket.SendAsync(bytes);
            socket.Shutdown(SocketShutdown.Send);
            while (await socket.ReceiveAsync(answer) > 0)
            {
            }
        }
        catch (SocketException reset) when (reset.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            // The router ended it before it had read everything.
        }
    }
}
