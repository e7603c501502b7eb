using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>What a frame is.</summary>
internal enum FrameType : byte
{
    /// <summary>A piece of a message of the stream.</summary>
    Data = 1,

    /// <summary>The peer may send that many bytes more on the stream, or has taken that many bytes of posted messages.</summary>
    Window = 2,

    /// <summary>To be answered with <see cref="Pong"/>.</summary>
    Ping = 3,

    /// <summary>Shows that the peer lives.</summary>
    Pong = 4,

    /// <summary>The last frame; it tells the reason.</summary>
    GoAway = 5,
}

/// <summary>Marks of a frame.</summary>
[Flags]
internal enum FrameMarks : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The message ends with this piece.</summary>
    End = 1,

    /// <summary>The message is a posted one; in <see cref="FrameType.Window"/>: posted messages were taken.</summary>
    Posted = 2,
}

/// <summary>
/// <code>
/// frame  = length(4) type(1) marks(1) stream(4) payload
/// DATA   payload = up to 16 KiB of a message; empty only as the whole or the end of a message
/// WINDOW payload = bytes(4), at least 1
/// PING, PONG: no payload; GOAWAY payload = reason
/// </code>
/// Numbers are big-endian; the length is that of the payload.
/// </summary>
/// <param name="Type">What it is.</param>
/// <param name="Marks">Marks.</param>
/// <param name="Stream">The stream; 0 where it means nothing.</param>
/// <param name="Length">Bytes of the payload.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FrameHeader(FrameType Type, FrameMarks Marks, int Stream, int Length)
{
    /// <summary>Bytes of a header.</summary>
    public const int Bytes = 10;

    /// <summary>Bytes of the payload of <see cref="FrameType.Window"/>.</summary>
    public const int WindowBytes = 4;

    /// <summary>Writes the header.</summary>
    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteInt32BigEndian(to, Length);
        to[4] = (byte)Type;
        to[5] = (byte)Marks;
        BinaryPrimitives.WriteInt32BigEndian(to[6..], Stream);
    }

    /// <summary>Reads a header; whether it is a valid one says <see cref="Problem"/>.</summary>
    public static FrameHeader Read(ReadOnlySpan<byte> from) => new(
        (FrameType)from[4],
        (FrameMarks)from[5],
        BinaryPrimitives.ReadInt32BigEndian(from[6..]),
        BinaryPrimitives.ReadInt32BigEndian(from));

    /// <summary>What is wrong with the header; null when nothing is.</summary>
    public string? Problem => Type switch
    {
        FrameType.Data when Length is < 0 or > LinkLimits.FrameBytes => "a frame with a bad length",
        FrameType.Data when Length == 0 && !Marks.HasFlag(FrameMarks.End) => "an empty frame",
        FrameType.Data => Bad((Marks & ~(FrameMarks.End | FrameMarks.Posted)) != FrameMarks.None || Stream < 0),
        FrameType.Window => Bad(Length != WindowBytes || Stream < 0 || Marks is not (FrameMarks.None or FrameMarks.Posted)),
        FrameType.Ping or FrameType.Pong => Bad(Length != 0 || Stream != 0 || Marks != FrameMarks.None),
        FrameType.GoAway => Bad(Length is < 0 or > LinkLimits.ReasonBytes || Stream != 0 || Marks != FrameMarks.None),
        _ => "a frame of an unknown type",
    };

    private static string? Bad(bool isBad) => isBad ? "a malformed frame" : null;
}
