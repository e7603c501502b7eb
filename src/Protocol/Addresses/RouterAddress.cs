using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Addresses;

/// <summary>Protocols whose routers have addresses.</summary>
public enum RouterScheme : byte
{
    /// <summary><c>smp</c>: messages.</summary>
    Smp = 1,

    /// <summary><c>xftp</c>: files.</summary>
    Xftp,

    /// <summary><c>ntf</c>: push notifications.</summary>
    Ntf,
}

/// <summary>
/// A router's address: <c>scheme://fingerprint[:password]@host[,host][:port]</c>. An IPv6 host is written in
/// brackets, and read without them only where no port can follow; a port is 1 to 65535. (The reference writes
/// no brackets, then reads the port as part of the host, and lets larger ports pass.)
/// </summary>
/// <param name="Scheme">The protocol.</param>
/// <param name="Fingerprint">SHA-256 of the identity certificate; base64url in the text.</param>
/// <param name="Hosts">At least one; all lead to the same router.</param>
/// <param name="Port">Null: the protocol's default.</param>
/// <param name="Password">As commands carry it (<see cref="BasicAuth"/>); null when the router asks for none.</param>
public sealed record RouterAddress(
    RouterScheme Scheme,
    EntityId Fingerprint,
    ImmutableArray<RouterHost> Hosts,
    ushort? Port = null,
    string? Password = null)
{
    /// <summary>Reads an address.</summary>
    /// <param name="text">All of it; nothing may stand around it.</param>
    /// <param name="address">The address.</param>
    /// <param name="problem">For the person who wrote it; never shows the password.</param>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out RouterAddress? address,
        [NotNullWhen(false)] out string? problem)
    {
        address = null;
        problem = Parse(text, ref address);
        return problem is null;
    }

    /// <summary>Reads an address that must be right.</summary>
    /// <exception cref="FormatException">It is not; the message is that of <see cref="TryParse"/>.</exception>
    public static RouterAddress Parse(string text) =>
        TryParse(text, out RouterAddress? address, out string? problem) ? address : throw new FormatException(problem);

    /// <summary>The text that <see cref="TryParse"/> reads, with the password: for the operator, never for a log.</summary>
    public string Format() => Format(Password is null ? "" : ":" + BasicAuth.ToText(Password));

    /// <summary>The address without its password.</summary>
    public override string ToString() => Format("");

    /// <inheritdoc/>
    public bool Equals(RouterAddress? other) =>
        other is not null && Scheme == other.Scheme && Fingerprint == other.Fingerprint
        && Hosts.SequenceEqual(other.Hosts) && Port == other.Port && Password == other.Password;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Scheme, Fingerprint, Hosts[0], Port);

    private string Format(string password)
    {
        string port = Port is { } number ? $":{number}" : "";
        return $"{SchemeText(Scheme)}://{Base64UrlText.Encode(Fingerprint.Bytes)}{password}@{string.Join(',', Hosts)}{port}";
    }

    private static string? Parse(string text, ref RouterAddress? address)
    {
        int schemeEnd = text.IndexOf("://", StringComparison.Ordinal);
        if (schemeEnd < 0 || SchemeOf(text[..schemeEnd]) is not { } scheme)
        {
            return "A router's address starts with smp://, xftp:// or ntf://.";
        }

        string rest = text[(schemeEnd + 3)..];
        int at = rest.IndexOf('@');
        if (at < 0)
        {
            return "A router's address has an @ between the fingerprint and the host.";
        }

        string[] identity = rest[..at].Split(':', 2);
        if (Base64UrlText.TryDecode(identity[0]) is not { Length: > 0 and <= EntityId.MaxLength } fingerprint)
        {
            return "The fingerprint of the router is not base64url.";
        }

        string? password = identity.Length > 1 ? BasicAuth.FromText(identity[1]) : null;
        if (identity.Length > 1 && password is null)
        {
            return "The password in the address is empty or has a character that passwords cannot have.";
        }

        string? problem = ParseHosts(rest[(at + 1)..], out ImmutableArray<RouterHost> hosts, out ushort? port);
        address = problem is null ? new RouterAddress(scheme, new EntityId(fingerprint), hosts, port, password) : null;
        return problem;
    }

    private static string? ParseHosts(string text, out ImmutableArray<RouterHost> hosts, out ushort? port)
    {
        hosts = [];
        port = null;
        string[] names = text.Split(',');
        int colon = PortColon(names[^1]);
        if (colon >= 0)
        {
            string digits = names[^1][(colon + 1)..];
            if (!ushort.TryParse(digits, NumberStyles.None, null, out ushort number) || number == 0)
            {
                return "The port is not a number from 1 to 65535.";
            }

            port = number;
            names[^1] = names[^1][..colon];
        }

        if (names.Length > byte.MaxValue)
        {
            return "A router has at most 255 hosts.";
        }

        var parsed = ImmutableArray.CreateBuilder<RouterHost>(names.Length);
        foreach (string name in names)
        {
            if (!RouterHost.TryParse(name, out RouterHost? host))
            {
                return $"'{name}' is not a host: it is neither a domain name nor an IPv4, IPv6 or onion address.";
            }

            parsed.Add(host);
        }

        hosts = parsed.DrainToImmutable();
        return null;
    }

    // The colon before the port; several colons without brackets belong to an IPv6 address.
    private static int PortColon(string host)
    {
        int first = host.IndexOf(':', Math.Max(0, host.IndexOf(']')));
        return first == host.LastIndexOf(':') ? first : -1;
    }

    private static string SchemeText(RouterScheme scheme) => scheme switch
    {
        RouterScheme.Smp => "smp",
        RouterScheme.Xftp => "xftp",
        RouterScheme.Ntf => "ntf",
        _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, null),
    };

    private static RouterScheme? SchemeOf(string text) => text switch
    {
        "smp" => RouterScheme.Smp,
        "xftp" => RouterScheme.Xftp,
        "ntf" => RouterScheme.Ntf,
        _ => null,
    };
}
