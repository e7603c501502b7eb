using System.Collections.Frozen;

namespace SimplexActors.Nodes.Names;

/// <summary>
/// Where names are resolved (S-359). Private addresses are allowed: a resolver is normally on the router's own machine or network,
/// and only the operator chooses it.
/// </summary>
internal sealed record ResolverEndpoint
{
    /// <summary>The hosts that plain HTTP may carry a password to.</summary>
    private static readonly FrozenSet<string> OwnHosts = FrozenSet.Create("localhost", "127.0.0.1", "[::1]", "0.0.0.0");

    private readonly Uri _base;

    private ResolverEndpoint(Uri uri) => _base = uri;

    /// <summary>True when the requests leave this machine readable for everybody on their way.</summary>
    public bool ShowsSecrets => _base.Scheme == Uri.UriSchemeHttp && !OwnHosts.Contains(_base.Host);

    /// <summary>Reads an absolute URI with the scheme http or https, a host and no user; null for anything else.</summary>
    public static ResolverEndpoint? TryParse(string text)
    {
        string trimmed = text.TrimEnd('/');
        int afterScheme = trimmed.IndexOf("://", StringComparison.Ordinal);
        if (afterScheme < 0 || !trimmed.All(c => c is > ' ' and <= '~' and not '\\' and not '#'))
        {
            return null;
        }

        string authority = trimmed[(afterScheme + 3)..].Split('/', '?')[0];
        return authority.Length > 0 && !authority.StartsWith(':') && !authority.Contains('@')
            && Uri.TryCreate(trimmed, UriKind.Absolute, out Uri? uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            && uri.Host.Length > 0
            ? new ResolverEndpoint(new Uri(trimmed, UriKind.Absolute))
            : null;
    }

    /// <summary>Where one name is asked for (S-361).</summary>
    public Uri Resolve(string name) => new($"{_base.OriginalString}/resolve/{Uri.EscapeDataString(name)}", UriKind.Absolute);

    /// <summary>Where a resolver says whether it is well (S-363).</summary>
    public Uri Health => new($"{_base.OriginalString}/health", UriKind.Absolute);

    /// <summary>As the operator wrote it, without slashes at its end.</summary>
    public override string ToString() => _base.OriginalString;
}
