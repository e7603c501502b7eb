using System.Net.Http.Headers;
using SimplexActors.Actors;

namespace SimplexActors.Nodes.Names;

/// <summary>
/// HTTP requests to the resolver: no redirects, no cookies, no proxy of the environment, no decompression, bodies only up to a limit
/// (S-361). At most <see cref="Limits.IdleResolverConnections"/> connections are kept; what runs beside them opens its
/// own and closes it, so that no peak leaves connections behind.
/// </summary>
internal sealed class ResolverClient : IDisposable
{
    private const int DrainBytes = 16 * 1024;

    private readonly ResolverOptions _options;
    private readonly HttpMessageInvoker _kept;
    private readonly HttpMessageInvoker _single;
    private int _running;

    /// <summary>Connects to nothing yet.</summary>
    public ResolverClient(ResolverOptions options)
    {
        _options = options;
        _kept = new HttpMessageInvoker(Handler(Limits.ResolverConnectionLifetime, Limits.IdleResolverConnections));
        _single = new HttpMessageInvoker(Handler(TimeSpan.Zero, int.MaxValue));
    }

    /// <summary>Asks for a document.</summary>
    /// <param name="address">What to get.</param>
    /// <param name="cancellation">Ends the wait, also in the middle of a body.</param>
    /// <exception cref="HttpRequestException">The resolver cannot be reached or does not speak HTTP.</exception>
    /// <exception cref="IOException">The response breaks off.</exception>
    public async Task<ResolverResponse> GetAsync(Uri address, CancellationToken cancellation)
    {
        bool keep = Interlocked.Increment(ref _running) <= Limits.IdleResolverConnections;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            request.Headers.Authorization = _options.Auth?.Header;
            using HttpResponseMessage response = await (keep ? _kept : _single).SendAsync(request, cancellation);
            int status = (int)response.StatusCode;
            return status >= 400
                ? new ResolverResponse(status, ReadOnlyMemory<byte>.Empty, IsTooLarge: false)
                : await ReadAsync(status, response.Content, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>Closes all connections.</summary>
    public void Dispose()
    {
        _kept.Dispose();
        _single.Dispose();
    }

    private async Task<ResolverResponse> ReadAsync(int status, HttpContent content, CancellationToken cancellation)
    {
        byte[] body = new byte[_options.MaxResponseBytes + 1];
        await using Stream stream = await content.ReadAsStreamAsync(cancellation);
        int length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellation);
        return new ResolverResponse(status, body.AsMemory(0, length), IsTooLarge: length == body.Length);
    }

    private SocketsHttpHandler Handler(TimeSpan lifetime, int connections) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        MaxConnectionsPerServer = connections,
        PooledConnectionLifetime = lifetime,
        MaxResponseDrainSize = DrainBytes,
        ResponseDrainTimeout = _options.Timeout,
    };
}

/// <summary>What the resolver answered.</summary>
/// <param name="Status">The code of HTTP.</param>
/// <param name="Body">Empty for statuses from 400 on, which are not read.</param>
/// <param name="IsTooLarge">The body is over its limit; what is here is its beginning.</param>
internal readonly record struct ResolverResponse(int Status, ReadOnlyMemory<byte> Body, bool IsTooLarge);
