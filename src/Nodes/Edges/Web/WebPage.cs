using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace SimplexActors.Nodes.Edges.Web;

/// <summary>Something that browsers get, ready to send: compressed once, kept in memory.</summary>
internal sealed class WebPage
{
    private const string ForEver = "public, max-age=31536000, immutable";
    private const string AskEveryTime = "no-cache";
    private const int TagDigits = 16;

    private readonly Dictionary<ContentCoding, byte[]> _contents = [];
    private readonly Dictionary<ContentCoding, EntityTagHeaderValue> _tags = [];

    private WebPage(byte[] content, string type, bool forEver)
    {
        ContentType = type;
        CacheControl = forEver ? ForEver : AskEveryTime;
        string hash = Convert.ToHexStringLower(SHA256.HashData(content))[..TagDigits];
        foreach (ContentCoding coding in ContentCoding.Compressing.Append(ContentCoding.Identity))
        {
            _contents[coding] = coding == ContentCoding.Identity ? content : coding.Apply(content);
            _tags[coding] = new EntityTagHeaderValue($"\"{hash}-{coding.Name}\"");
        }
    }

    /// <summary>Media type.</summary>
    public string ContentType { get; }

    /// <summary>How long browsers may keep it.</summary>
    public string CacheControl { get; }

    /// <summary>Fields that only this page has.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; private init; } = new Dictionary<string, string>();

    /// <summary>A page of HTML. Browsers ask each time whether it changed.</summary>
    public static WebPage Html(string content, Dictionary<string, string>? fields = null) =>
        new(Encoding.UTF8.GetBytes(content), "text/html; charset=utf-8", forEver: false) { Fields = fields ?? [] };

    /// <summary>JSON, which programs ask for.</summary>
    public static WebPage Json(byte[] content) => new(content, "application/json", forEver: false);

    /// <summary>Something that pages load, under a path that changes with its content.</summary>
    public static WebPage Asset(string name, byte[] content) => new(content, Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => throw new InvalidOperationException($"{name}: its media type is not known."),
    }, forEver: true);

    /// <summary>The bytes in a coding.</summary>
    public ReadOnlyMemory<byte> In(ContentCoding coding) => _contents[coding];

    /// <summary>What names this content in this coding.</summary>
    public EntityTagHeaderValue TagOf(ContentCoding coding) => _tags[coding];
}
