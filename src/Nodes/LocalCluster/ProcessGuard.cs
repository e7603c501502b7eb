using System.Diagnostics;
using System.Globalization;

namespace SimplexActors.Nodes.LocalCluster;

/// <summary>
/// Ends a process that we started when we are gone, however that came about: a process of its own that waits for the end of
/// its input, which the system closes with us.
/// </summary>
internal sealed class ProcessGuard
{
    // Without a word before the end of the input our process died.
    private const string Script =
        "trap '' INT TERM HUP; if read -r word; then exit 0; fi; kill -s \"$1\" -- \"$2\" 2>/dev/null; [ -z \"$3\" ] || { sleep 1; rm -rf -- \"$3\"; }";

    private readonly Process _guard;

    private ProcessGuard(Process guard) => _guard = guard;

    /// <summary>Watches over a process.</summary>
    /// <param name="process">Its id; negative: that of its group.</param>
    /// <param name="signal">What it gets when we are gone, such as KILL.</param>
    /// <param name="folder">Goes then, too; null for none.</param>
    public static ProcessGuard Start(int process, string signal, string? folder = null) => new(PostgresAccount.Start(
        "setsid", ["sh", "-c", Script, "guard", signal, process.ToString(CultureInfo.InvariantCulture), folder ?? ""], redirect: true));

    /// <summary>The process has ended: nothing is left to guard.</summary>
    public async Task ReleaseAsync()
    {
        await _guard.StandardInput.WriteLineAsync("ended");
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }
}
