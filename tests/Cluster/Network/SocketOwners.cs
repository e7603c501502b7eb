using System.Globalization;
using System.Net;

namespace SimplexActors.Cluster.Network;

/// <summary>Which process a TCP connection of this machine belongs to, read from <c>/proc</c>.</summary>
internal static class SocketOwners
{
    private const int LocalAddress = 1, RemoteAddress = 2, Inode = 9;

    /// <summary>Whether a process holds the end of a connection at <paramref name="local"/>.</summary>
    public static bool Holds(int process, IPEndPoint local, int remotePort)
    {
        string? inode = ((string[])["/proc/net/tcp", "/proc/net/tcp6"])
            .SelectMany(table => File.ReadLines(table).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => PortOf(fields[LocalAddress]) == local.Port && PortOf(fields[RemoteAddress]) == remotePort)
            .Select(fields => fields[Inode])
            .FirstOrDefault(found => found != "0");
        return inode is not null && Links($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/fd").Contains($"socket:[{inode}]");
    }

    private static int PortOf(string address) =>
        int.Parse(address.AsSpan(address.LastIndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static IEnumerable<string?> Links(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(folder).Select(entry => new FileInfo(entry).LinkTarget)];
        }
        catch (IOException)
        {
            // The process ended.
            return [];
        }
    }
}
