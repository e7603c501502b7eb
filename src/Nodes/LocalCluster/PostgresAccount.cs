using System.Diagnostics;
using System.Text;

namespace SimplexActors.Nodes.LocalCluster;

/// <summary>
/// Runs the programs of PostgreSQL. They refuse to run as root, so for root they run as the user <c>postgres</c>, which the
/// package makes; for everybody else as who we are.
/// </summary>
internal static class PostgresAccount
{
    private const string Name = "postgres";

    /// <summary>
    /// Starts a program in a session of its own: what a terminal sends to us does not reach it. It is held until
    /// <see cref="ProcessGuard.LetGoAsync"/>.
    /// </summary>
    /// <param name="program">Full path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="logFile">Where it writes; it may exist.</param>
    public static Process StartHeld(string program, IReadOnlyList<string> arguments, string logFile)
    {
        string[] user = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid", Name, "--regid", Name, "--init-groups", "--"] : [];
        string[] shell = ["sh", "-c", ProcessGuard.HeldScript + " >>\"$0\" 2>&1", logFile, program];
        return Start("setsid", [.. user, .. shell, .. arguments], redirectInput: true);
    }

    /// <summary>Makes the folder of a server: only its account may enter.</summary>
    /// <exception cref="PostgresStartException">The account cannot reach the folder.</exception>
    public static async Task GiveFolderAsync(string folder)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(folder, Owner);
        if (!Environment.IsPrivilegedProcess)
        {
            return;
        }

        await RunAsync("chown", ["--no-dereference", $"{Name}:{Name}", folder], $"There is no user {Name}: install the package postgresql.");
        await RunAsync(
            "setpriv", ["--reuid", Name, "--regid", Name, "--init-groups", "--", "test", "-w", folder, "-a", "-x", folder],
            $"The user {Name}, whom PostgreSQL runs as when root starts it, cannot enter {folder}: choose a folder below folders that everybody may pass through.");
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="PostgresStartException">It failed; what it said is in the message.</exception>
    public static async Task RunAsync(string program, IReadOnlyList<string> arguments, string failure)
    {
        using Process process = Start(program, arguments, redirectErrors: true);
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new PostgresStartException(errors.Trim().Length == 0 ? failure : $"{failure} ({OneLine(errors)})");
        }
    }

    /// <summary>The last error of a text, or its last line.</summary>
    public static string OneLine(string text)
    {
        string[] lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.LastOrDefault(line => line.Contains("FATAL:", StringComparison.Ordinal) || line.Contains("error:", StringComparison.Ordinal)) ?? lines.LastOrDefault("");
    }

    /// <summary>Starts a helper of ours.</summary>
    public static Process Start(string program, IReadOnlyList<string> arguments, bool redirectInput = false, bool redirectErrors = false)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = "/",
            RedirectStandardInput = redirectInput,
            RedirectStandardError = redirectErrors,
            StandardErrorEncoding = redirectErrors ? Encoding.UTF8 : null,
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        return Process.Start(start) ?? throw new PostgresStartException($"{program} did not start.");
    }
}
