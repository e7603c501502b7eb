using System.Globalization;

namespace SimplexActors.Nodes.CommandLine;

/// <summary>The address that clients are given: <c>smp://fingerprint[:password]@host[,host]:port</c>.</summary>
/// <param name="Fingerprint">Of the certificate authority, base64url with padding.</param>
/// <param name="Password">What creating queues needs; null when anyone may, or when it must not be shown.</param>
/// <param name="Hosts">Names and addresses of the router.</param>
/// <param name="Port">The port clients connect to.</param>
internal sealed record RouterAddress(string Fingerprint, string? Password, IReadOnlyList<string> Hosts, int Port)
{
    /// <summary>The address as text, always with its port.</summary>
    public override string ToString()
    {
        string password = Password is null ? "" : ":" + Password;
        return string.Create(CultureInfo.InvariantCulture, $"smp://{Fingerprint}{password}@{string.Join(',', Hosts.Select(Bracketed))}:{Port}");
    }

    private static string Bracketed(string host) => host.Contains(':') && !host.StartsWith('[') ? $"[{host}]" : host;
}
