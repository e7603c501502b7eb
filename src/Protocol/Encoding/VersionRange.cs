using System.Runtime.InteropServices;

namespace SimplexActors.Protocol.Encoding;

/// <summary>Versions that a peer speaks: <c>min(2) max(2)</c> (S-024).</summary>
/// <param name="Min">Lowest; not above <paramref name="Max"/>.</param>
/// <param name="Max">Highest.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct VersionRange(ushort Min, ushort Max)
{
    /// <summary>True for a version that the peer speaks.</summary>
    public bool Contains(ushort version) => version >= Min && version <= Max;

    /// <summary>The versions of both; null when there are none.</summary>
    public VersionRange? Intersect(VersionRange other)
    {
        ushort min = Math.Max(Min, other.Min);
        ushort max = Math.Min(Max, other.Max);
        return min <= max ? new VersionRange(min, max) : null;
    }

    /// <summary>Reads a range; an empty one fails the reader.</summary>
    public static VersionRange Read(ref WireReader reader)
    {
        var range = new VersionRange(reader.ReadUInt16(), reader.ReadUInt16());
        if (range.Min > range.Max)
        {
            reader.Fail();
        }

        return range;
    }

    /// <summary>Writes the range.</summary>
    public void Write(ref WireWriter writer)
    {
        writer.WriteUInt16(Min);
        writer.WriteUInt16(Max);
    }
}
