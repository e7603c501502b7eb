using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace SimplexActors.Protocol.Smp;

/// <summary>Whose names a domain is among (S-364).</summary>
public enum NameSpace : byte
{
    /// <summary>The last label is <c>simplex</c>.</summary>
    Simplex = 1,

    /// <summary>The last label is <c>testing</c>.</summary>
    Testing,

    /// <summary>Any other domain: a domain of the web.</summary>
    Web,
}

/// <summary>A name that <c>RSLV</c> asks for: a lower-case domain of two or more labels (S-364).</summary>
public sealed record SimplexName
{
    private static readonly SearchValues<byte> LabelBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"u8);

    private readonly string _full;

    private SimplexName(string full, NameSpace space, string domain, ImmutableArray<string> subdomains)
    {
        _full = full;
        Space = space;
        Domain = domain;
        Subdomains = subdomains;
    }

    /// <summary>Whose name it is.</summary>
    public NameSpace Space { get; }

    /// <summary>The label before the last one; the whole name for a domain of the web.</summary>
    public string Domain { get; }

    /// <summary>What stands before the domain, parents first; empty for a domain of the web.</summary>
    public ImmutableArray<string> Subdomains { get; }

    /// <summary>Reads the name that a command carries and lower-cases it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out SimplexName? name)
    {
        name = null;
        if (text.Length > SmpSizes.MaxNameBytes)
        {
            return false;
        }

        foreach (Range label in text.Split((byte)'.'))
        {
            if (!IsLabel(text[label]))
            {
                return false;
            }
        }

        string full = System.Text.Encoding.ASCII.GetString(text).ToLowerInvariant();
        string[] labels = full.Split('.');
        if (labels.Length < 2)
        {
            return false;
        }

        NameSpace space = labels[^1] switch
        {
            "simplex" => NameSpace.Simplex,
            "testing" => NameSpace.Testing,
            _ => NameSpace.Web,
        };
        name = space is NameSpace.Web
            ? new SimplexName(full, space, full, [])
            : new SimplexName(full, space, labels[^2], [.. labels[..^2].Reverse()]);
        return true;
    }

    /// <summary>Reads a name that a person typed or a link holds, and lower-cases it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SimplexName? name)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(System.Text.Encoding.UTF8.GetBytes(text), out name);
    }

    /// <summary>The whole name.</summary>
    public override string ToString() => _full;

    // Runs of letters and digits joined by single hyphens.
    private static bool IsLabel(ReadOnlySpan<byte> label) =>
        label.Length is > 0 and <= SmpSizes.MaxNameLabelBytes
        && !label.ContainsAnyExcept(LabelBytes)
        && label[0] != '-' && label[^1] != '-'
        && label.IndexOf("--"u8) < 0;
}
