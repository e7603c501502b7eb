using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace SimplexActors.Nodes.Edges.Web;

/// <summary>
/// Everything that browsers can ask this router for (O-212): the information page, the pages that links lead to,
/// what phones ask for to open such links in their app (O-220), and what the pages load. Made once, at start.
/// </summary>
internal sealed class WebSite
{
    private readonly FrozenDictionary<string, WebPage> _pages;

    /// <summary>Makes the pages.</summary>
    public WebSite(RouterFacts facts)
    {
        var pages = new Dictionary<string, WebPage>(StringComparer.Ordinal)
        {
            ["/"] = InformationPage.Of(facts),
            ["/.well-known/apple-app-site-association"] = WebPage.Json(WebResources.Bytes("well-known/apple-app-site-association")),
            ["/.well-known/assetlinks.json"] = WebPage.Json(WebResources.Bytes("well-known/assetlinks.json")),
        };
        foreach (LinkPage link in LinkPage.All)
        {
            // Found with and without a slash at the end (O-221).
            pages[$"/{link.Action}"] = pages[$"/{link.Action}/"] = link.Make();
        }

        foreach ((string name, byte[] content) in WebResources.Assets)
        {
            pages[WebResources.AssetPath + name] = WebPage.Asset(name, content);
        }

        _pages = pages.ToFrozenDictionary(StringComparer.Ordinal);
        NotFound = WebPage.Html(PageTemplate.Fill(WebResources.Text("not-found.html"), CommonValues()));
        SecurityHeaders = SecurityHeaders.For(facts.Host);
    }

    /// <summary>For every other path.</summary>
    public WebPage NotFound { get; }

    /// <summary>What every response carries.</summary>
    public SecurityHeaders SecurityHeaders { get; }

    /// <summary>The page at a path, which is compared exactly.</summary>
    public bool TryFind(string path, [NotNullWhen(true)] out WebPage? page) => _pages.TryGetValue(path, out page);

    /// <summary>The values that every page names.</summary>
    public static Dictionary<string, string?> CommonValues() => new()
    {
        ["assets"] = WebResources.AssetPath,
    };
}
