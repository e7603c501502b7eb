using System.Diagnostics;
using Xunit;

namespace SimplexActors.Acceptance.Hostile;

/// <summary>A fixed short budget for the program that <c>./run fuzz</c> runs for longer.</summary>
[Collection(nameof(WholeMachine))]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const string Seconds = "10", Seed = "1";

    /// <summary>A failure bound only.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task No_parser_throws_on_spoilt_recordings()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "SimplexActors.Fuzz"), ["--seconds", Seconds, "--seed", Seed])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using Process fuzz = Process.Start(start) ?? throw new InvalidOperationException("The program did not start.");
        string said = await fuzz.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await fuzz.WaitForExitAsync().WaitAsync(Patience);
        output.WriteLine(said);
        Assert.True(fuzz.ExitCode == 0, said);
        Assert.Contains("no fault", said, StringComparison.Ordinal);
    }
}
