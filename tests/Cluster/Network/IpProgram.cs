using System.ComponentModel;
using System.Diagnostics;

namespace SimplexActors.Cluster.Network;

/// <summary>The program <c>ip</c> of the package iproute2.</summary>
internal static class IpProgram
{
    /// <summary>Its name.</summary>
    public const string Name = "ip";

    /// <summary>Runs one command.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="NetworkException">It failed.</exception>
    public static Task<string> RunAsync(params string[] arguments) => RunAsync(arguments, "");

    /// <summary>Runs several commands in one process, up to the first that fails.</summary>
    /// <exception cref="NetworkException">One failed.</exception>
    public static Task BatchAsync(params IEnumerable<string> commands) => RunAsync(["-batch", "-"], string.Join('\n', commands) + '\n');

    /// <summary>The same inside a namespace.</summary>
    /// <exception cref="NetworkException">One failed.</exception>
    public static Task BatchInAsync(string space, params IEnumerable<string> commands) =>
        RunAsync(["-netns", space, "-batch", "-"], string.Join('\n', commands) + '\n');

    private static async Task<string> RunAsync(string[] arguments, string input)
    {
        using Process process = Start(arguments);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new NetworkException($"{Name} {string.Join(' ', arguments)}: {string.Join("; ", (await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries))}");
    }

    private static Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo(Name, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start) ?? throw new NetworkException($"{Name} did not start.");
        }
        catch (Win32Exception)
        {
            throw new NetworkException($"The program {Name} is missing: install the package iproute2.");
        }
    }
}
