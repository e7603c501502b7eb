using System.Net;
using System.Net.Sockets;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Hostile;

/// <summary>
/// A router that an honest pair uses while a test attacks it. In the end the pair must have noticed nothing, every socket must
/// be closed again, and memory must have stayed within its bounds.
/// </summary>
internal sealed class AttackedRouter : IAsyncDisposable
{
    /// <summary>Resident memory that no ordinary attack may make the router exceed, MiB.</summary>
    private const long MaxResidentMebibytes = 450;

    /// <summary>How much more than before may be resident once an ordinary attack is over, MiB: what the runtime keeps for the next one.</summary>
    private const long MaxKeptMebibytes = 120;

    private const int MessagesBefore = 50, MessagesAfter = 20;

    private readonly TemporaryFolder _folder;
    private readonly RouterProgram _program;
    private readonly long _socketsBefore;
    private readonly long _residentBefore;

    private AttackedRouter(TemporaryFolder folder, RouterProgram program, RouterAddress address, HonestPair pair)
    {
        _folder = folder;
        _program = program;
        Address = address;
        Pair = pair;
        Facts = new ProcessFacts(program.Id);
        _socketsBefore = Facts.Sockets;
        _residentBefore = Facts.ResidentMebibytes;
    }

    /// <summary>Where it listens.</summary>
    public RouterAddress Address { get; }

    /// <summary>Who must notice nothing.</summary>
    public HonestPair Pair { get; }

    /// <summary>What the system says about it.</summary>
    public ProcessFacts Facts { get; }

    /// <summary>Starts a router with options such as <c>--set limits.block_timeout=2s</c>, and the pair.</summary>
    public static async Task<AttackedRouter> StartAsync(params string[] options)
    {
        var folder = new TemporaryFolder();
        (RouterProgram program, RouterAddress address) = await RouterProgram.StartDevAsync(folder.Path, options);
        HonestPair pair = await HonestPair.StartAsync(address);
        await pair.ExchangeAsync(MessagesBefore);
        return new AttackedRouter(folder, program, address, pair);
    }

    /// <summary>A TCP connection and nothing more.</summary>
    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port!.Value);
        return socket;
    }

    /// <summary>The attack is over and its connections are closed on the attacker's side.</summary>
    /// <param name="output">Hears the numbers.</param>
    /// <param name="keptMebibytes">How much more memory than before the attack may be resident after it.</param>
    /// <param name="peakMebibytes">The most memory that may ever have been resident.</param>
    public async Task AssertUnharmedAsync(
        ITestOutputHelper output, long keptMebibytes = MaxKeptMebibytes, long peakMebibytes = MaxResidentMebibytes)
    {
        await Pair.ExchangeAsync(MessagesAfter);
        await Eventually.AtMostAsync(_socketsBefore, () => Facts.Sockets, "sockets of the router");
        output.WriteLine($"resident {_residentBefore} MiB before, {Facts.PeakMebibytes} MiB at most, {Facts.ResidentMebibytes} MiB after; {Pair.Summary}");
        Assert.InRange(Facts.PeakMebibytes, 1, peakMebibytes);
        await Eventually.AtMostAsync(_residentBefore + keptMebibytes, () => Facts.ResidentMebibytes, "resident MiB of the router");
        await Pair.ExchangeAsync(MessagesAfter);
    }

    public async ValueTask DisposeAsync()
    {
        await Pair.DisposeAsync();
        await _program.DisposeAsync();
        _folder.Dispose();
    }
}
