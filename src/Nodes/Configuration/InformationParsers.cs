using System.Globalization;

namespace SimplexActors.Nodes.Configuration;

/// <summary>
/// Reads what an operator tells about the router. Everybody sees these values and some become links, so only
/// harmless ones pass: one line of text, and no scheme that a browser would run.
/// </summary>
internal static class InformationParsers
{
    private const int MaxNameLength = 200;
    private const int MaxAddressLength = 2000;
    private const int MaxEmailLength = 254;
    private const int MinFingerprintDigits = 32;
    private const int MaxFingerprintDigits = 64;

    private static readonly string[] ContactPaths = ["/contact", "/a", "/c", "/g", "/r"];
    private static readonly string[] HostingTypes = ["virtual", "dedicated", "colocation", "owned"];

    /// <summary>A name of somebody: one line.</summary>
    public static Parsed<string> Name(string text) =>
        text.Length <= MaxNameLength && IsOneLine(text) ? Parsed<string>.Of(text) : Parsed<string>.Not($"one line of at most {MaxNameLength} characters");

    /// <summary>An address that a browser can open.</summary>
    public static Parsed<string> WebAddress(string text) =>
        IsAddress(text, out Uri? address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            ? Parsed<string>.Of(address.AbsoluteUri)
            : Parsed<string>.Not("a web address such as https://example.com/, without a user name");

    /// <summary>ISO 3166: two letters.</summary>
    public static Parsed<string> Country(string text) =>
        text.Length == 2 && text.All(char.IsAsciiLetter)
            ? Parsed<string>.Of(text.ToUpperInvariant())
            : Parsed<string>.Not("a country code of two letters (ISO 3166)");

    /// <summary>An e-mail address.</summary>
    public static Parsed<string> Email(string text) =>
        text.Length <= MaxEmailLength && IsOneLine(text) && text.Split('@') is [{ Length: > 0 } local, var host]
            && local.All(c => c is > ' ' and <= '~' and not ('"' or '<' or '>' or '(' or ')' or ',' or ':' or ';' or '?' or '&' or '\\'))
            && ValueParsers.Host(host).Success
            ? Parsed<string>.Of(text)
            : Parsed<string>.Not("an e-mail address");

    /// <summary>A SimpleX contact address, long or short, as an app shows it (O-104).</summary>
    public static Parsed<string> SimplexAddress(string text) =>
        IsAddress(text, out Uri? address) && address.Scheme is "simplex" or "https"
            && ContactPaths.Contains(address.AbsolutePath.TrimEnd('/')) && address.Fragment.Length > 1
            ? Parsed<string>.Of(text)
            : Parsed<string>.Not("a SimpleX contact address such as https://smp.example.com/a#...");

    /// <summary>A fingerprint of a PGP key: hexadecimal digits in groups.</summary>
    public static Parsed<string> Fingerprint(string text) =>
        text.All(c => char.IsAsciiHexDigit(c) || c is ' ' or ':') && text.Count(char.IsAsciiHexDigit) is >= MinFingerprintDigits and <= MaxFingerprintDigits
            ? Parsed<string>.Of(text)
            : Parsed<string>.Not(string.Create(CultureInfo.InvariantCulture, $"{MinFingerprintDigits} to {MaxFingerprintDigits} hexadecimal digits"));

    /// <summary>How the machine is hosted.</summary>
    public static Parsed<string> HostingType(string text) =>
        HostingTypes.Contains(text) ? Parsed<string>.Of(text) : Parsed<string>.Not("one of " + string.Join(", ", HostingTypes));

    private static bool IsOneLine(string text) => !text.Any(char.IsControl);

    private static bool IsAddress(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Uri? address)
    {
        address = null;
        return text.Length <= MaxAddressLength && IsOneLine(text) && !text.Contains(' ')
            && Uri.TryCreate(text, UriKind.Absolute, out address) && address.UserInfo.Length == 0;
    }
}
