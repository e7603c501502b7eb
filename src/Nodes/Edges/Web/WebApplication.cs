using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace SimplexActors.Nodes.Edges.Web;

/// <summary>
/// Answers browsers, which are told apart by naming the server in TLS (S-054). Everything comes from memory; what
/// they send beyond a path and a few fields is not looked at.
/// </summary>
/// <param name="make">Makes the pages, given the ports that are listened on.</param>
internal sealed class WebApplication(Func<IReadOnlyList<int>, WebSite> make) : IHttpApplication<HttpContext>
{
    private const string AllowedMethods = "GET, HEAD";

    private WebSite? _site;

    /// <summary>Serves the pages from now on; they show the port, which is known once it is listened on.</summary>
    public void Open(IReadOnlyList<int> ports) => Volatile.Write(ref _site, make(ports));

    /// <inheritdoc/>
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    /// <inheritdoc/>
    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // The context holds nothing beyond the features that Kestrel owns.
    }

    /// <inheritdoc/>
    public Task ProcessRequestAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Volatile.Read(ref _site) is not { } site)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
            return Task.CompletedTask;
        }

        site.SecurityHeaders.AddTo(context.Response.Headers);
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = AllowedMethods;
            return Task.CompletedTask;
        }

        if (site.TryFind(context.Request.Path.Value ?? "/", out WebPage? page))
        {
            return SendAsync(context, page);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return SendAsync(context, site.NotFound);
    }

    private static async Task SendAsync(HttpContext context, WebPage page)
    {
        HttpResponse response = context.Response;
        ContentCoding coding = ContentCoding.Choose(context.Request.Headers.AcceptEncoding!);
        response.Headers.CacheControl = page.CacheControl;
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        response.Headers.ETag = page.TagOf(coding).ToString();
        foreach ((string name, string value) in page.Fields)
        {
            response.Headers[name] = value;
        }

        if (response.StatusCode == StatusCodes.Status200OK && IsKnown(context.Request, page.TagOf(coding)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        ReadOnlyMemory<byte> content = page.In(coding);
        response.ContentType = page.ContentType;
        response.ContentLength = content.Length;
        if (coding != ContentCoding.Identity)
        {
            response.Headers.ContentEncoding = coding.Name;
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(content, context.RequestAborted);
        }
    }

    /// <summary>The browser has this content already.</summary>
    private static bool IsKnown(HttpRequest request, EntityTagHeaderValue tag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch!, out IList<EntityTagHeaderValue>? known)
        && known.Any(other => other.Compare(tag, useStrongComparison: false) || other.Equals(EntityTagHeaderValue.Any));
}
