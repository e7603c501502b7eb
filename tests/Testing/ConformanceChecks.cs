using System.Diagnostics;
using SimplexActors.Protocol.Addresses;

namespace SimplexActors.Testing;

/// <summary>
/// The independent checks of an SMP router, which the reference passes whole, against the real program. They share no
/// code with this project. <c>SIMPLEX_CONFORMANCE</c> names another folder with newer checks.
/// </summary>
public static class ConformanceChecks
{
    private const int Checks = 31;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static string Folder =>
        Environment.GetEnvironmentVariable("SIMPLEX_CONFORMANCE") is { Length: > 0 } folder ? folder : Repository.PathOf("tests", "conformance");

    /// <summary>Runs all checks; what they printed when one failed, null when all passed.</summary>
    public static async Task<string?> FindFailureAsync(RouterAddress router)
    {
        var start = new ProcessStartInfo("python3", ["-B", Path.Combine(Folder, "check_smp.py"), router.Format()])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using Process checks = Process.Start(start) ?? throw new InvalidOperationException("python3 did not start.");
        string output = await checks.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await checks.WaitForExitAsync().WaitAsync(Patience);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        bool allPass = checks.ExitCode == 0
            && !lines.Any(line => line.StartsWith("FAIL", StringComparison.Ordinal))
            && lines.Count(line => line.StartsWith("pass ", StringComparison.Ordinal)) >= Checks;
        return allPass ? null : output;
    }
}
