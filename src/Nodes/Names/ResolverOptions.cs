namespace SimplexActors.Nodes.Names;

/// <summary>How a resolver is asked (S-358).</summary>
/// <param name="Endpoint">Where it is.</param>
/// <param name="Auth">Null when it asks for none.</param>
/// <param name="Timeout">For a whole lookup, and for the wait for a place before it.</param>
/// <param name="MaxResponseBytes">Of a response's body.</param>
/// <param name="Concurrency">Lookups at the same time.</param>
internal sealed record ResolverOptions(
    ResolverEndpoint Endpoint, ResolverAuth? Auth, TimeSpan Timeout, int MaxResponseBytes, int Concurrency);
