using SimplexActors.Nodes.Names;

namespace SimplexActors.Nodes.Configuration;

/// <summary>Resolution of names (S-358 to S-360).</summary>
/// <param name="Enabled">Whether names are resolved at all.</param>
/// <param name="Endpoint">Where the resolver is; not null when <paramref name="Enabled"/>.</param>
/// <param name="Auth">What it asks for; null for nothing.</param>
/// <param name="Timeout">For one lookup.</param>
/// <param name="MaxResponseBytes">Of a response's body.</param>
/// <param name="Concurrency">Lookups at the same time.</param>
internal sealed record NamesConfig(
    bool Enabled, ResolverEndpoint? Endpoint, ResolverAuth? Auth, TimeSpan Timeout, int MaxResponseBytes, int Concurrency)
{
    internal static NamesConfig Read(ConfigReader reader)
    {
        var config = new NamesConfig(
            reader.Switch("names.enabled", false),
            reader.Secret("names.resolver_endpoint", ParseEndpoint),
            reader.Secret("names.resolver_auth", ParseAuth),
            reader.Duration("names.resolver_timeout", TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60)),
            reader.Integer("names.resolver_max_response_bytes", 16_000, 1024, 16_000),
            reader.Integer("names.resolver_concurrency", 1000, 1, 100_000));
        if (config is { Enabled: true, Endpoint: null })
        {
            reader.Report("names.resolver_endpoint must be an address when names.enabled is true");
        }

        if (config is { Endpoint.ShowsSecrets: true, Auth: not null })
        {
            reader.Report(
                "names.resolver_endpoint must begin with https when names.resolver_auth is set, except for localhost, 127.0.0.1, [::1] and 0.0.0.0: "
                + "plain http shows the password to everybody on the way");
        }

        return config;
    }

    /// <summary>What the resolver is made with; null when names are not resolved.</summary>
    public ResolverOptions? ToOptions() => Enabled && Endpoint is { } endpoint
        ? new ResolverOptions(endpoint, Auth, Timeout, MaxResponseBytes, Concurrency)
        : null;

    // Read as a secret: a refused address may hold the password that does not belong there.
    private static Parsed<ResolverEndpoint> ParseEndpoint(string text) => ResolverEndpoint.TryParse(text.Trim()) is { } endpoint
        ? Parsed<ResolverEndpoint>.Of(endpoint)
        : Parsed<ResolverEndpoint>.Not("an address with http:// or https://, a host and no user name");

    private static Parsed<ResolverAuth> ParseAuth(string text) => ResolverAuth.TryParse(text) is { } auth
        ? Parsed<ResolverAuth>.Of(auth)
        : Parsed<ResolverAuth>.Not("\"bearer TOKEN\" or \"basic USER:PASSWORD\"");
}
