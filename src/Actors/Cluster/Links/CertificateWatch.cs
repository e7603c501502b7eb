using Microsoft.Extensions.Logging;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>Says once a day that the node's certificate is to be renewed.</summary>
internal sealed class CertificateWatch : IDisposable
{
    private readonly LinkCredentials _credentials;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;

    /// <summary>Looks now and every day.</summary>
    public CertificateWatch(LinkCredentials credentials, TimeProvider time, ILogger logger)
    {
        (_credentials, _time, _logger) = (credentials, time, logger);
        Look();
        _timer = time.CreateTimer(static watch => ((CertificateWatch)watch!).Look(), this, LinkLimits.CertificateLook, LinkLimits.CertificateLook);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        // A renewed one may not have been read: without new sessions nobody looks at the files.
        DateTimeOffset until = _credentials.Current(_logger).Until;
        if (until - _time.GetUtcNow() < LinkLimits.RenewalIsDue)
        {
            LinkLog.CertificateEnds(_logger, until);
        }
    }
}
