using System.Net;
using Microsoft.AspNetCore.Http;

namespace SimplexActors.Nodes.Edges.Web;

/// <summary>
/// What every response tells browsers to refuse. The part of a link after # is a secret between two people: no page
/// may load or send anything elsewhere, run anything that is not this router's, or stand within another page.
/// </summary>
internal sealed class SecurityHeaders
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'none'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private readonly KeyValuePair<string, string>[] _fields;

    private SecurityHeaders(IEnumerable<KeyValuePair<string, string>> fields) => _fields = [.. fields];

    /// <summary>The fields of a router of that name.</summary>
    public static SecurityHeaders For(string host)
    {
        var fields = new Dictionary<string, string>
        {
            ["Content-Security-Policy"] = ContentSecurityPolicy,
            ["Referrer-Policy"] = "no-referrer",
            ["X-Content-Type-Options"] = "nosniff",
            ["X-Frame-Options"] = "DENY",
            ["Cross-Origin-Opener-Policy"] = "same-origin",
            ["Cross-Origin-Resource-Policy"] = "same-origin",
            ["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        };
        if (IsPublicName(host))
        {
            fields["Strict-Transport-Security"] = "max-age=31536000";
        }

        return new SecurityHeaders(fields);
    }

    /// <summary>Adds them to a response.</summary>
    public void AddTo(IHeaderDictionary headers)
    {
        foreach ((string name, string value) in _fields)
        {
            headers[name] = value;
        }
    }

    /// <summary>A rule about "localhost" would reach everything else that its user runs there.</summary>
    private static bool IsPublicName(string host) => host.Contains('.') && !IPAddress.TryParse(host.Trim('[', ']'), out _);
}
