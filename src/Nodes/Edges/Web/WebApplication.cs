using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SimplexActors.Nodes.Edges.Web;

/// <summary>What browsers get that name the server in TLS: one line that says what this is. The site itself comes later.</summary>
internal sealed class WebApplication : IHttpApplication<HttpContext>
{
    private static readonly byte[] Page = Encoding.UTF8.GetBytes("This is a SimpleX SMP router. Use its address in a SimpleX app.\n");

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
        ArgumentNullException.ThrowIfNull(context);
        if (context.Request.Path != "/")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = Page.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(Page, context.RequestAborted);
        }
    }
}
