using System.Diagnostics;
using System.Globalization;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Testing;

namespace SimplexActors.Bench.Smp;

/// <summary>The router as a process of its own, with what the kernel says about its CPU time and memory.</summary>
internal sealed class RouterUnderLoad : IAsyncDisposable
{
    private const double TicksPerSecond = 100;

    private readonly Process _process;

    private RouterUnderLoad(Process process, RouterAddress address, TimeSpan startTime)
    {
        _process = process;
        Address = address;
        StartTime = startTime;
    }

    /// <summary>The printed address.</summary>
    public RouterAddress Address { get; }

    /// <summary>From the start of the process to the printed address.</summary>
    public TimeSpan StartTime { get; }

    /// <summary>Its process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>CPU time of the process so far, user and system.</summary>
    public TimeSpan CpuTime => CpuTimeOf(_process.Id);

    /// <summary>Resident memory now, in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            string line = File.ReadLines($"/proc/{_process.Id}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
    }

    /// <summary>Starts <c>simplex-router dev</c> on a folder; <paramref name="settings"/> are keys of the configuration.</summary>
    public static Task<RouterUnderLoad> StartAsync(string folder, params string[] settings) =>
        StartAsync(["dev", "--data", folder, "--smp-port", "0", .. settings.SelectMany(setting => new[] { "--set", setting })]);

    /// <summary>Starts a command that prints an address.</summary>
    public static async Task<RouterUnderLoad> StartAsync(string[] arguments)
    {
        string program = Repository.PathOf("src", "Nodes", "bin", "Release", "net10.0", "simplex-router");
        long began = Stopwatch.GetTimestamp();
        var start = new ProcessStartInfo(program, [.. arguments, "--log-level", "error"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException("The router did not start.");
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("smp://", StringComparison.Ordinal))
            {
                return RouterAddress.TryParse(line, out RouterAddress? address, out string? problem)
                    ? new RouterUnderLoad(process, address, Stopwatch.GetElapsedTime(began))
                    : throw new InvalidOperationException($"The router printed an address that cannot be read: {problem}.");
            }
        }

        throw new InvalidOperationException("The router ended before it printed its address.");
    }

    /// <summary>CPU time of a process so far, user and system.</summary>
    public static TimeSpan CpuTimeOf(int process)
    {
        string stat = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    /// <summary>Time so far in which cores of this machine had nothing to do, added up.</summary>
    public static TimeSpan IdleTime
    {
        get
        {
            string[] fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            // Idle, and idle while a disk works.
            return TimeSpan.FromSeconds((long.Parse(fields[4], CultureInfo.InvariantCulture) + long.Parse(fields[5], CultureInfo.InvariantCulture)) / TicksPerSecond);
        }
    }

    /// <summary>Tells it to stop, as an operator does, and waits until it has.</summary>
    public async Task StopAsync()
    {
        RouterProgram.Signal(_process.Id, RouterProgram.Sigterm);
        await _process.WaitForExitAsync();
    }

    /// <summary>Ends the process.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
