using System.Net.Sockets;
using System.Security.Cryptography;
using SimplexActors.Client;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Soak;

/// <summary>Opens connections and misuses them: random bytes, half a handshake, broken blocks, a reader that never reads.</summary>
internal sealed class SoakVandal(RouterAddress router, SoakCounts counts, Random random)
{
    private const int MostBlocks = 20;
    private static readonly TimeSpan MeanPause = TimeSpan.FromSeconds(2);

    /// <summary>Misuses one connection after another.</summary>
    public async Task RunAsync(CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            counts.Invalid();
            try
            {
                await (random.Next(3) switch
                {
                    0 => SendBytesAsync(ending),
                    1 => SendBlocksAsync(ending),
                    _ => StayAsync(ending),
                });
            }
            catch (Exception refused) when (refused is IOException or SocketException or SmpException or OperationCanceledException)
            {
                // What a vandal has to expect.
            }

            await Task.Delay(MeanPause * (random.NextDouble() * 2), ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendBytesAsync(CancellationToken ending)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(router.Hosts[0].Name, router.Port!.Value, ending);
        await socket.SendAsync(RandomNumberGenerator.GetBytes(random.Next(1, 4000)), ending);
        await Task.Delay(MeanPause * random.NextDouble(), ending);
    }

    private async Task SendBlocksAsync(CancellationToken ending)
    {
        await using SmpConnection connection = await SmpConnection.ConnectAsync(router, null, ending);
        for (int i = random.Next(1, MostBlocks); i > 0; i--)
        {
            byte[] bytes = RandomNumberGenerator.GetBytes(random.Next(2) == 0 ? Block.Length : random.Next(1, 2 * Block.Length));
            await connection.SendRawAsync(bytes, ending);
        }
    }

    private async Task StayAsync(CancellationToken ending)
    {
        await using SmpConnection connection = await SmpConnection.ConnectAsync(router, null, ending);
        for (int i = random.Next(1, MostBlocks); i > 0; i--)
        {
            await connection.SendAsync(RandomNumberGenerator.GetBytes(random.Next(1, 1000)), ending);
        }

        await Task.Delay(10 * MeanPause * random.NextDouble(), ending);
    }
}
