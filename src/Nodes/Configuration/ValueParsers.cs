using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;

namespace SimplexActors.Nodes.Configuration;

/// <summary>A value read from text, or null and what would have been allowed ("a port from 0 to 65535").</summary>
internal readonly record struct Parsed<T>(bool Success, T Value, string Allowed)
{
    /// <summary>The text means <paramref name="value"/>.</summary>
    public static Parsed<T> Of(T value) => new(true, value, "");

    /// <summary>The text is not <paramref name="allowed"/>.</summary>
    public static Parsed<T> Not(string allowed) => new(false, default!, allowed);
}

/// <summary>Reads single values. Every parser says what it allows when it refuses.</summary>
internal static class ValueParsers
{
    private const int MaxHostLength = 253;

    /// <summary>The log levels by their name in the configuration.</summary>
    public static FrozenDictionary<string, LogLevel> LogLevels { get; } = new Dictionary<string, LogLevel>(StringComparer.OrdinalIgnoreCase)
    {
        ["trace"] = LogLevel.Trace,
        ["debug"] = LogLevel.Debug,
        ["info"] = LogLevel.Information,
        ["warn"] = LogLevel.Warning,
        ["error"] = LogLevel.Error,
        ["off"] = LogLevel.None,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, double> SecondsPerUnit = new Dictionary<string, double>
    {
        ["ms"] = 0.001,
        ["millis"] = 0.001,
        ["milliseconds"] = 0.001,
        ["s"] = 1,
        ["second"] = 1,
        ["seconds"] = 1,
        ["m"] = 60,
        ["minute"] = 60,
        ["minutes"] = 60,
        ["h"] = 3600,
        ["hour"] = 3600,
        ["hours"] = 3600,
        ["d"] = 86_400,
        ["day"] = 86_400,
        ["days"] = 86_400,
        ["w"] = 604_800,
        ["week"] = 604_800,
        ["weeks"] = 604_800,
    }.ToFrozenDictionary();

    /// <summary>HOCON's words for yes and no.</summary>
    public static Parsed<bool> Switch(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "ON" => Parsed<bool>.Of(true),
        "FALSE" or "NO" or "OFF" => Parsed<bool>.Of(false),
        _ => Parsed<bool>.Not("true or false"),
    };

    /// <summary>A whole number within bounds.</summary>
    public static Parsed<int> Integer(string text, int minimum, int maximum) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= minimum && value <= maximum
            ? Parsed<int>.Of(value)
            : Parsed<int>.Not(string.Create(CultureInfo.InvariantCulture, $"a whole number from {minimum} to {maximum}"));

    /// <summary>A number and a unit of time, such as "21 days" or "500 ms"; a number without a unit is refused as ambiguous.</summary>
    public static Parsed<TimeSpan> Duration(string text, TimeSpan minimum, TimeSpan maximum)
    {
        string allowed = $"a time with its unit (ms, s, m, h, d or w), from {DurationText.Of(minimum)} to {DurationText.Of(maximum)}";
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        int digits = rest.IndexOfAnyExceptInRange('0', '9');
        if (digits is <= 0 or > 15 || !SecondsPerUnit.TryGetValue(rest[digits..].Trim().ToString(), out double unit))
        {
            return Parsed<TimeSpan>.Not(allowed);
        }

        double seconds = long.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture) * unit;
        return seconds >= minimum.TotalSeconds && seconds <= maximum.TotalSeconds
            ? Parsed<TimeSpan>.Of(TimeSpan.FromSeconds(seconds))
            : Parsed<TimeSpan>.Not(allowed);
    }

    /// <summary>Like <see cref="Duration"/>; 0 stands for never.</summary>
    public static Parsed<TimeSpan?> OptionalDuration(string text, TimeSpan minimum, TimeSpan maximum)
    {
        if (text == "0")
        {
            return Parsed<TimeSpan?>.Of(null);
        }

        Parsed<TimeSpan> duration = Duration(text, minimum, maximum);
        return duration.Success ? Parsed<TimeSpan?>.Of(duration.Value) : Parsed<TimeSpan?>.Not("0 for never, or " + duration.Allowed);
    }

    /// <summary>A TCP port; 0 lets the system choose.</summary>
    public static Parsed<int> Port(string text)
    {
        Parsed<int> port = Integer(text, 0, ushort.MaxValue);
        return port.Success ? port : Parsed<int>.Not("a port from 0 (the system chooses) to 65535");
    }

    /// <summary>A host name, an IPv4 address or an IPv6 address, as it stands in a router address.</summary>
    public static Parsed<string> Host(string text)
    {
        ReadOnlySpan<char> address = text.StartsWith('[') && text.EndsWith(']') ? text.AsSpan(1, text.Length - 2) : text;
        bool valid = IPAddress.TryParse(address, out _)
            || (text.Length is > 0 and <= MaxHostLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.') && !text.StartsWith('-'));
        return valid ? Parsed<string>.Of(text) : Parsed<string>.Not("a host name or an IP address");
    }

    /// <summary>An IP address to listen on.</summary>
    public static Parsed<IPAddress> Address(string text) =>
        IPAddress.TryParse(text, out IPAddress? address) ? Parsed<IPAddress>.Of(address) : Parsed<IPAddress>.Not("an IP address");

    /// <summary>A network such as 10.0.0.0/8, or one address.</summary>
    public static Parsed<IPNetwork> Network(string text) =>
        IPNetwork.TryParse(text, out IPNetwork network) ? Parsed<IPNetwork>.Of(network)
        : IPAddress.TryParse(text, out IPAddress? address) ? Parsed<IPNetwork>.Of(new IPNetwork(address, address.GetAddressBytes().Length * 8))
        : Parsed<IPNetwork>.Not("an IP address or a network such as 10.0.0.0/8");

    /// <summary>A password that can stand in a router address (O-049).</summary>
    public static Parsed<string> Password(string text) =>
        text.Length is > 0 and <= 255 && text.All(c => c is > ' ' and <= '~' and not ('@' or ':' or '/'))
            ? Parsed<string>.Of(text)
            : Parsed<string>.Not("1 to 255 printable ASCII characters without spaces and without @ : /");
}
