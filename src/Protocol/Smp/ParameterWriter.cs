using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Protocol.Smp;

/// <summary>Writes the composite fields that several commands and responses share.</summary>
internal static class ParameterWriter
{
    /// <summary>A password (S-175).</summary>
    /// <exception cref="ArgumentException">The password has characters that passwords do not allow: a bug of the caller.</exception>
    public static void WriteBasicAuth(ref WireWriter writer, string password)
    {
        if (!BasicAuth.IsValid(password))
        {
            throw new ArgumentException("A password has printable Latin-1 characters, no white space and none of @:/ in it.", nameof(password));
        }

        WriteLatin1(ref writer, password);
    }

    /// <summary>An optional password (S-007).</summary>
    public static void WriteMaybeBasicAuth(ref WireWriter writer, string? password)
    {
        writer.WriteMaybe(password is not null);
        if (password is not null)
        {
            WriteBasicAuth(ref writer, password);
        }
    }

    /// <summary>A short string of one byte per character; what does not fit is cut, as the texts are for people (S-013).</summary>
    public static void WriteLatin1(ref WireWriter writer, string text)
    {
        Span<byte> bytes = stackalloc byte[byte.MaxValue];
        bytes = bytes[..Math.Min(text.Length, bytes.Length)];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)text[i];
        }

        writer.WriteShort(bytes);
    }

    /// <summary>An optional id (S-007).</summary>
    public static void WriteMaybeId(ref WireWriter writer, in EntityId? id)
    {
        writer.WriteMaybe(id is not null);
        if (id is { } present)
        {
            writer.WriteId(present);
        }
    }

    /// <summary>Both blobs of a short link.</summary>
    public static void WriteLinkData(ref WireWriter writer, LinkData data)
    {
        writer.WriteLarge(data.Fixed.Span);
        writer.WriteLarge(data.User.Span);
    }

    /// <summary>Count and hash of a service's queues.</summary>
    public static void WriteServiceQueues(ref WireWriter writer, ServiceQueues queues)
    {
        writer.WriteInt64(queues.Count);
        writer.WriteId(queues.IdsHash);
    }
}
