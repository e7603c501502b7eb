using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SimplexActors.Nodes.Edges.Health;

/// <summary>
/// Answers <c>/live</c> (200 while the process works; whoever gets no answer should replace it, too) and <c>/ready</c> (200 when clients
/// should come here).
/// </summary>
/// <param name="health">Of this router.</param>
internal sealed class HealthApplication(INodeHealth health) : IHttpApplication<HttpContext>
{
    private volatile bool _isDraining;

    /// <summary>From now on clients should go elsewhere.</summary>
    public void Drain() => _isDraining = true;

    /// <inheritdoc/>
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    /// <inheritdoc/>
    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // The context holds nothing beyond the features that Kestrel owns.
    }

    /// <inheritdoc/>
    public async Task ProcessRequestAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        HttpResponse response = context.Response;
        HealthAnswer answer = await AnswerAsync(request, context.RequestAborted);
        response.StatusCode = answer.Status;
        response.ContentType = "application/json";
        response.ContentLength = answer.Body.Length;
        response.Headers.CacheControl = "no-store";
        if (answer == HealthAnswer.NotAllowed)
        {
            response.Headers.Allow = "GET, HEAD";
        }

        if (!HttpMethods.IsHead(request.Method))
        {
            await response.Body.WriteAsync(answer.Body, context.RequestAborted);
        }
    }

    private async ValueTask<HealthAnswer> AnswerAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            return HealthAnswer.NotAllowed;
        }

        return request.Path.Value switch
        {
            "/live" => HealthAnswer.Of(health.Broken),
            "/ready" => HealthAnswer.Of(health.Broken ?? (_isDraining ? HealthReason.Draining : await health.UnreadyAsync(cancellation))),
            _ => HealthAnswer.Unknown,
        };
    }
}
