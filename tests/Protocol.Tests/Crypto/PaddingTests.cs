using System.Security.Cryptography;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Crypto;

[Spec("S-026")]
public class PaddingTests
{
    [Fact]
    [Spec("S-445")]
    public void Recorded_messages_pad_alike()
    {
        foreach (JsonElement vector in Vectors.CryptoFile.List("pad"))
        {
            byte[] message = vector.Has("message")
                ? vector.Hex("message")
                : Enumerable.Repeat(Convert.FromHexString(vector.Text("messageByte"))[0], vector.Number("messageLength")).ToArray();
            byte[]? padded = Pad(message, vector.Number("paddedLength"));
            Assert.Equal(vector.GetProperty("canPad").GetBoolean(), padded is not null);
            if (vector.Has("padded"))
            {
                Assert.Equal(vector.Hex("padded"), padded);
            }
            else if (vector.Has("paddedSha256"))
            {
                Assert.Equal(vector.Hex("paddedSha256"), SHA256.HashData(padded!));
            }
        }

        foreach (JsonElement vector in Vectors.TransportFile.List("pad"))
        {
            byte[]? expected = vector.Text("padded") is "error" ? null : vector.Hex("padded");
            Assert.Equal(expected, Pad(vector.Hex("message"), vector.Number("padded_length")));
        }
    }

    [Fact]
    [Spec("S-445")]
    public void Recorded_paddings_are_read_alike()
    {
        foreach (JsonElement vector in Vectors.CryptoFile.List("unpad"))
        {
            Assert.Equal(vector.Has("error") ? null : vector.Hex("message"), Unpad(vector.Hex("padded")));
        }

        foreach (JsonElement vector in Vectors.TransportFile.List("unpad"))
        {
            Assert.Equal(vector.Text("message") is "error" ? null : vector.Hex("message"), Unpad(vector.Hex("padded")));
        }
    }

    [Fact]
    public void What_was_padded_is_read_back() =>
        Prop.ForAll<byte[], byte>((message, extra) =>
            Pad(message, message.Length + Padding.PrefixLength + extra) is { } padded
            && Unpad(padded) is { } read && read.AsSpan().SequenceEqual(message)).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_bytes_are_read_or_refused() =>
        Prop.ForAll<byte[]>(bytes => (Unpad(bytes)?.Length ?? 0) <= bytes.Length).QuickCheckThrowOnFailure();

    private static byte[]? Pad(byte[] message, int length)
    {
        byte[] buffer = new byte[Math.Max(length, message.Length + Padding.PrefixLength)];
        message.CopyTo(buffer, Padding.PrefixLength);
        Span<byte> padded = buffer.AsSpan(0, length);
        return Padding.TryPad(padded, message.Length) ? padded.ToArray() : null;
    }

    private static byte[]? Unpad(byte[] padded) =>
        Padding.TryUnpad(padded, out int length) ? padded.AsSpan(Padding.PrefixLength, length).ToArray() : null;
}
