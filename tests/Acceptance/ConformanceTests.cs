using System.Diagnostics;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>
/// The independent checks of an SMP router, which the reference passes whole, against the real program. They share no
/// code with this project. <c>SIMPLEX_CONFORMANCE</c> names another folder with newer checks.
/// </summary>
public sealed class ConformanceTests
{
    private const int Checks = 31;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static string Folder =>
        Environment.GetEnvironmentVariable("SIMPLEX_CONFORMANCE") is { Length: > 0 } folder ? folder : Repository.PathOf("tests", "conformance");

    [Fact]
    public async Task All_checks_of_an_independent_client_pass()
    {
        using var folder = new TemporaryFolder();
        var (program, address) = await RouterProgram.StartDevAsync(folder.Path);
        await using (program)
        {
            var start = new ProcessStartInfo("python3", ["-B", Path.Combine(Folder, "check_smp.py"), address.Format()])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            };
            using Process checks = Process.Start(start) ?? throw new InvalidOperationException("python3 did not start.");
            string output = await checks.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
            await checks.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);

            string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.DoesNotContain(lines, line => line.StartsWith("FAIL", StringComparison.Ordinal));
            Assert.True(lines.Count(line => line.StartsWith("pass ", StringComparison.Ordinal)) >= Checks, output);
            Assert.Equal(0, checks.ExitCode);
        }
    }
}
