using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace SimplexActors.Protocol.Addresses;

/// <summary>Kinds of host that routers have (S-176).</summary>
public enum RouterHostKind : byte
{
    /// <summary>A name that DNS resolves.</summary>
    Domain = 1,

    /// <summary>Four octets.</summary>
    IPv4,

    /// <summary>Sixteen octets.</summary>
    IPv6,

    /// <summary>A Tor service.</summary>
    Onion,
}

/// <summary>
/// One host of a router's address (S-176). What looks like an IP address must be one: unlike the reference,
/// <c>256.1.1.1</c> is no domain name and <c>10.1.1.300</c> is not read modulo 256.
/// </summary>
public sealed record RouterHost
{
    private const string OnionSuffix = ".onion";

    private static readonly SearchValues<char> NotInDomain = SearchValues.Create(":#,;/ \n\r\t[]");
    private static readonly SearchValues<char> OnionLabel = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");
    private static readonly SearchValues<char> IPv4Characters = SearchValues.Create("0123456789.");
    private static readonly SearchValues<char> IPv6Characters = SearchValues.Create("0123456789abcdefABCDEF:");

    private RouterHost(RouterHostKind kind, string name)
    {
        Kind = kind;
        Name = name;
    }

    /// <summary>What the name is.</summary>
    public RouterHostKind Kind { get; }

    /// <summary>The host as commands carry it and as it is connected to; an IPv6 address has no brackets here.</summary>
    public string Name { get; }

    /// <summary>Reads a host of an address or command; an IPv6 address may be in brackets.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out RouterHost? host)
    {
        host = ParseIPv6(text) ?? ParseName(text);
        return host is not null;
    }

    /// <summary>The host as an address spells it: an IPv6 address in brackets.</summary>
    public override string ToString() => Kind is RouterHostKind.IPv6 ? $"[{Name}]" : Name;

    private static RouterHost? ParseIPv6(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> bare = text is ['[', .. var inner, ']'] ? inner : text;
        bool isIPv6 = bare.Contains(':') && !bare.ContainsAnyExcept(IPv6Characters);
        return isIPv6 && IPAddress.TryParse(bare, out IPAddress? address) && address.AddressFamily is AddressFamily.InterNetworkV6
            ? new RouterHost(RouterHostKind.IPv6, FormatIPv6(address))
            : null;
    }

    private static string FormatIPv6(IPAddress address)
    {
        string text = address.ToString();
        if (!text.Contains('.'))
        {
            return text;
        }

        // An embedded IPv4 address in dotted form would not be read back as a host.
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        var groups = new string[8];
        for (int i = 0; i < groups.Length; i++)
        {
            groups[i] = BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * i)..]).ToString("x");
        }

        return string.Join(':', groups);
    }

    private static RouterHost? ParseName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.ContainsAny(NotInDomain) || System.Text.Encoding.UTF8.GetByteCount(text) > byte.MaxValue)
        {
            return null;
        }

        if (text.EndsWith(OnionSuffix))
        {
            return text[..^OnionSuffix.Length].ContainsAnyExcept(OnionLabel) ? null : new RouterHost(RouterHostKind.Onion, text.ToString());
        }

        return text.Count('.') >= 3 && !text.ContainsAnyExcept(IPv4Characters)
            ? ParseIPv4(text)
            : new RouterHost(RouterHostKind.Domain, text.ToString());
    }

    private static RouterHost? ParseIPv4(ReadOnlySpan<char> text)
    {
        Span<byte> octets = stackalloc byte[4];
        int count = 0;
        foreach (Range part in text.Split('.'))
        {
            // Decimal even with leading zeros; the system's parser would read those as octal.
            if (count == octets.Length || !byte.TryParse(text[part], System.Globalization.NumberStyles.None, null, out octets[count++]))
            {
                return null;
            }
        }

        return new RouterHost(RouterHostKind.IPv4, new IPAddress(octets).ToString());
    }
}
