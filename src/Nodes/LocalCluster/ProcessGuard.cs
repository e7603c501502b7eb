using System.Diagnostics;
using System.Globalization;

namespace SimplexActors.Nodes.LocalCluster;

/// <summary>
/// Ends a process that we started when we are gone, however that came about: a process of its own that waits for the end of
/// its input, which the system closes with us.
/// </summary>
internal sealed class ProcessGuard
{
    // Without a word before the end of the input our process died. A program that has only just begun may ignore a signal that it
    // does not ignore later, as everything does that a script starts in the background: so the signal is repeated.
    private const string Script =
        "trap '' INT TERM HUP; if read -r word; then exit 0; fi; "
        + "n=0; while [ $n -lt 10 ] && kill -s \"$1\" -- \"$2\" 2>/dev/null; do n=$((n + 1)); sleep 1; done; "
        + "[ -z \"$3\" ] || rm -rf -- \"$3\"";

    /// <summary>
    /// What a shell does that starts a guarded program, given after the name of its log: it waits for a word, so that the program
    /// never runs without a guard, even when we are killed in between.
    /// </summary>
    public const string HeldScript = "umask 077; read -r word && exec \"$@\" </dev/null";

    private readonly Process _guard;

    private ProcessGuard(Process guard) => _guard = guard;

    /// <summary>Watches over a process that was started with <see cref="HeldScript"/>, and lets it go.</summary>
    /// <param name="held">Its input is a pipe of ours.</param>
    /// <param name="signal">What it gets when we are gone, such as KILL.</param>
    /// <param name="isGroup">Its children get that, too.</param>
    /// <param name="folder">Goes then, too; null for none.</param>
    public static async Task<ProcessGuard> LetGoAsync(Process held, string signal, bool isGroup = false, string? folder = null)
    {
        string target = (isGroup ? -held.Id : held.Id).ToString(CultureInfo.InvariantCulture);
        var guard = new ProcessGuard(PostgresAccount.Start("setsid", ["sh", "-c", Script, "guard", signal, target, folder ?? ""], redirectInput: true, redirectErrors: true));
        try
        {
            await held.StandardInput.WriteLineAsync("go");
            held.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it began; its exit code tells.
        }

        return guard;
    }

    /// <summary>The process has ended: nothing is left to guard.</summary>
    public async Task ReleaseAsync()
    {
        await _guard.StandardInput.WriteLineAsync("ended");
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }
}
