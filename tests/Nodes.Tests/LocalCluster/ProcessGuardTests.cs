using System.Diagnostics;
using SimplexActors.Nodes.LocalCluster;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.LocalCluster;

/// <summary>What we start for ourselves never runs without somebody who ends it after us.</summary>
public sealed class ProcessGuardTests
{
    private const UnixFileMode Everybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_program_begins_only_once_it_is_guarded(bool isGuarded)
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        using var folder = new TemporaryFolder();
        File.SetUnixFileMode(folder.Path, Everybody);
        string made = folder.Of("made");
        using Process held = PostgresAccount.StartHeld("/usr/bin/touch", [made], folder.Of("log"));
        ProcessGuard? guard = null;
        if (isGuarded)
        {
            guard = await ProcessGuard.LetGoAsync(held, "KILL");
        }
        else
        {
            // The system does the same when we are killed.
            held.StandardInput.Close();
        }

        await held.WaitForExitAsync(TestContext.Current.CancellationToken);
        await (guard?.ReleaseAsync() ?? Task.CompletedTask);
        Assert.Equal(isGuarded, held.ExitCode == 0);
        Assert.Equal(isGuarded, File.Exists(made));
    }

    [Fact]
    public async Task A_program_that_could_not_even_begin_is_seen_by_its_exit_code()
    {
        using Process held = PostgresAccount.Start("sh", ["-c", "exit 3"], redirectInput: true);
        await held.WaitForExitAsync(TestContext.Current.CancellationToken);
        ProcessGuard guard = await ProcessGuard.LetGoAsync(held, "KILL");
        await guard.ReleaseAsync();
        Assert.Equal(3, held.ExitCode);
    }
}
