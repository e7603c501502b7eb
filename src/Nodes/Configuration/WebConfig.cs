namespace SimplexActors.Nodes.Configuration;

/// <summary>The credential for browsers, which name the server in TLS; SMP clients do not (O-225).</summary>
/// <param name="Certificate">Full path of the PEM chain; null when browsers are not served.</param>
/// <param name="Key">Full path of its PEM private key; null together with <paramref name="Certificate"/>.</param>
/// <param name="Port">The one of the SMP ports that browsers share.</param>
internal sealed record WebConfig(string? Certificate, string? Key, int Port)
{
    internal static WebConfig Read(ConfigReader reader, IReadOnlyList<int> smpPorts)
    {
        string? certificate = reader.OptionalFilePath("web.certificate");
        string? key = reader.OptionalFilePath("web.key");
        int port = reader.Integer("web.port", 443, 0, 65_535);
        if (certificate is null != key is null)
        {
            reader.Report("web.certificate and web.key must be set together, or neither");
        }

        // Browsers are served where SMP listens; a port of their own would need the operator to notice that nothing listens.
        var web = new WebConfig(certificate, key, port == 0 ? smpPorts[0] : port);
        if (certificate is not null && web.ProblemOfPort(smpPorts) is { } problem)
        {
            reader.Report(problem);
        }

        return web;
    }

    /// <summary>Why browsers cannot use the port; null when they can.</summary>
    internal string? ProblemOfPort(IReadOnlyList<int> smpPorts) => smpPorts.Contains(Port)
        ? null
        : $"web.port = {Port}: must be one of smp.ports ({string.Join(", ", smpPorts)}), or 0 for the first of them";
}
