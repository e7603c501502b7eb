using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Xunit;

namespace SimplexActors.Cluster.Network;

/// <summary>The network loses what it is told to lose, and nothing of it stays on the machine.</summary>
public sealed class NamespaceNetworkTests
{
    private const string Hear = """
        import socket, sys
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind((sys.argv[1], 9))
        print("hears", flush=True)
        while True: print(s.recv(64).decode(), flush=True)
        """;

    private const string Say = """
        import socket, sys
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(sys.argv[2].encode(), (sys.argv[1], 9))
        """;

    [Fact]
    public async Task What_is_cut_is_lost_in_the_given_direction_until_it_is_mended()
    {
        await using NamespaceNetwork network = await CreateAsync();
        NodePlace a = await network.JoinAsync("a"), b = await network.JoinAsync("b");
        using Process earsOfA = await HearAsync(a), earsOfB = await HearAsync(b);

        await network.CutOneWayAsync("a", "b");
        await SayAsync(a, b, "lost");
        await SayAsync(b, a, "against the cut");
        Assert.Equal("against the cut", await earsOfA.StandardOutput.ReadLineAsync(Cancellation));
        await network.CutAsync("a", "b");
        await SayAsync(a, b, "lost");
        await SayAsync(b, a, "lost");
        await network.MendAsync();
        await SayAsync(a, b, "mended");
        await SayAsync(b, a, "mended");
        Assert.Equal("mended", await earsOfA.StandardOutput.ReadLineAsync(Cancellation));
        Assert.Equal("mended", await earsOfB.StandardOutput.ReadLineAsync(Cancellation));
        earsOfA.Kill();
        earsOfB.Kill();
    }

    [Fact]
    public async Task What_a_killed_run_left_behind_is_removed_with_its_processes_and_nothing_else()
    {
        await using NamespaceNetwork network = await CreateAsync();
        NodePlace own = await network.JoinAsync("a");

        // Process 1 runs, but did not start at that time. Another run that goes on here looks for other names.
        string family = "simplextest" + RandomNumberGenerator.GetHexString(8);
        string abandoned = family + "-1-99999999999-00000000-n1", foreign = family + "-1-99999999999";
        await IpProgram.RunAsync("netns", "add", abandoned);
        await IpProgram.RunAsync("netns", "add", foreign);
        using var left = Process.Start(IpProgram.Name, ["netns", "exec", abandoned, "sleep", "1000"]);
        while (!(await IpProgram.RunAsync("netns", "pids", abandoned)).Contains($"{left.Id}", StringComparison.Ordinal))
        {
            Assert.False(left.HasExited);
        }

        await NamespaceNames.RemoveAbandonedAsync(family);
        await left.WaitForExitAsync(Cancellation);
        string[] names = await NamesAsync();
        await IpProgram.RunAsync("netns", "delete", foreign);
        Assert.DoesNotContain(abandoned, names);
        Assert.Contains(foreign, names);
        Assert.Contains(own.Launcher[^1], names);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<NamespaceNetwork> CreateAsync()
    {
        try
        {
            return await NamespaceNetwork.CreateAsync(() => new IPEndPoint(IPAddress.Loopback, 0));
        }
        catch (NetworkException missing)
        {
            Assert.Skip(missing.Message);
            throw;
        }
    }

    private static async Task<string[]> NamesAsync() =>
        [.. (await IpProgram.RunAsync("netns", "list")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0])];

    private static async Task<Process> HearAsync(NodePlace place)
    {
        Process process = Python(place, Hear, $"{place.Listen}");
        Assert.Equal("hears", await process.StandardOutput.ReadLineAsync(Cancellation));
        return process;
    }

    private static async Task SayAsync(NodePlace from, NodePlace to, string word)
    {
        using Process process = Python(from, Say, $"{to.Listen}", word);
        await process.WaitForExitAsync(Cancellation);
        Assert.Equal(0, process.ExitCode);
    }

    private static Process Python(NodePlace place, params string[] arguments)
    {
        string[] command = [.. place.Launcher, "python3", "-c", .. arguments];
        return Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("Python did not start.");
    }
}
