using System.Text;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>The text that one node tells another about an end. It goes into a log, so only printable characters of it are kept.</summary>
internal static class LinkReason
{
    /// <summary>At most <see cref="LinkLimits.ReasonBytes"/>.</summary>
    public static byte[] Encode(string reason)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(reason);
        return bytes.Length <= LinkLimits.ReasonBytes ? bytes : bytes[..LinkLimits.ReasonBytes];
    }

    /// <summary>A line without control characters.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        Span<char> line = new char[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            line[i] = bytes[i] is >= 0x20 and < 0x7f ? (char)bytes[i] : '?';
        }

        return line.ToString();
    }
}
