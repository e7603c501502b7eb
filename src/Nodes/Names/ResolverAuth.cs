using System.Net.Http.Headers;
using System.Text;

namespace SimplexActors.Nodes.Names;

/// <summary>How the router shows a resolver who it is (S-360). Its text form hides the secret, so that no log can have it.</summary>
internal sealed class ResolverAuth
{
    private ResolverAuth(AuthenticationHeaderValue header) => Header = header;

    /// <summary>Value of <c>Authorization</c>; a secret.</summary>
    public AuthenticationHeaderValue Header { get; }

    /// <summary>Reads <c>bearer TOKEN</c> or <c>basic USER:PASSWORD</c>; null for anything else.</summary>
    public static ResolverAuth? TryParse(string text)
    {
        if (text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is not [string scheme, string credentials]
            || credentials.Any(char.IsControl))
        {
            return null;
        }

        return scheme.ToUpperInvariant() switch
        {
            "BEARER" when credentials.All(char.IsAscii) => new(new AuthenticationHeaderValue("Bearer", credentials)),
            "BASIC" when credentials.IndexOf(':') > 0 =>
                new(new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)))),
            _ => null,
        };
    }

    /// <summary>The scheme without the secret.</summary>
    public override string ToString() => $"{Header.Scheme} (not shown)";
}
