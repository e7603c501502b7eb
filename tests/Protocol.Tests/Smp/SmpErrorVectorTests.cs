using System.Text.Json;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Tests.Crypto;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Smp;

public class SmpErrorVectorTests
{
    public static TheoryData<string> Errors => SmpVectors.Names(SmpVectors.Errors, "errors");

    public static TheoryData<string> Decoded => SmpVectors.Names(SmpVectors.Errors, "decode_bytes");

    public static TheoryData<string> NetworkErrors => SmpVectors.Names(SmpVectors.Errors, "network_errors");

    [Theory]
    [MemberData(nameof(Errors))]
    [Spec("S-013", "S-102", "S-209", "S-210", "S-211", "S-212", "S-213", "S-214", "S-215", "S-216", "S-217", "S-218", "S-219")]
    [Spec("S-220", "S-221", "S-222", "S-223", "S-224", "S-225", "S-467")]
    public void Error_is_read_written_and_shown_as_recorded(string name)
    {
        JsonElement vector = SmpVectors.Vector(SmpVectors.Errors, "errors", name);
        SmpError? error = Codec.ReadError(vector.Hex("bytes"));
        Assert.NotNull(error);
        Assert.Equal(vector.Hex("decoded_bytes_again"), Codec.Write(error));

        // Only the low byte of each character of this text is on the wire, so it cannot be shown again (S-013).
        string text = name == "proxy_broker_unexpected_unicode" ? "PROXY BROKER UNEXPECTED \u00e5," : vector.Text("text");
        Assert.Equal(text, error.ToString());
    }

    [Fact]
    [Spec("S-013")]
    public void Characters_of_broker_texts_are_cut_to_one_byte_and_texts_to_255()
    {
        var error = new ProxyBrokerError(new BrokerUnexpectedError("\u65e5\u672c"));
        Assert.Equal(SmpVectors.Vector(SmpVectors.Errors, "errors", "proxy_broker_unexpected_unicode").Hex("bytes"), Codec.Write(error));

        byte[] written = Codec.Write(new ProxyBrokerError(new BrokerResponseError(new string('x', 300))));
        var read = Assert.IsType<ProxyBrokerError>(Codec.ReadError(written));
        Assert.Equal(new BrokerResponseError(new string('x', 255)), read.Error);
    }

    [Theory]
    [MemberData(nameof(Decoded))]
    [Spec("S-211", "S-213", "S-215")]
    public void Bytes_are_read_as_recorded(string name)
    {
        JsonElement vector = SmpVectors.Vector(SmpVectors.Errors, "decode_bytes", name);
        SmpError? error = Codec.ReadError(vector.Hex("bytes"));
        if (vector.Text("result") == "error")
        {
            Assert.Null(error);
            return;
        }

        Assert.NotNull(error);
        Assert.Equal(vector.Hex("reencoded"), Codec.Write(error));
        Assert.Equal(vector.Text("same_as_text"), error.ToString());
    }

    [Theory]
    [MemberData(nameof(NetworkErrors))]
    [Spec("S-213", "S-466")]
    public void Detail_of_network_errors_is_read_but_not_written(string name)
    {
        JsonElement vector = SmpVectors.Vector(SmpVectors.Errors, "network_errors", name);
        SmpError? error = Codec.ReadError([.. "PROXY BROKER NETWORK "u8, .. vector.Hex("bytes")]);
        var network = Assert.IsType<BrokerNetworkError>(Assert.IsType<ProxyBrokerError>(error).Error);

        string[] words = vector.Text("text").Split(' ', 2);
        Assert.Equal(words[0], network.Kind.ToString().ToUpperInvariant());
        Assert.Equal(words.Length > 1 ? words[1] : null, network.Detail);
        Assert.Equal("PROXY BROKER NETWORK"u8, Codec.Write(error));
    }

    [Fact]
    [Spec("S-080", "S-086", "S-215", "S-371")]
    public void Versions_are_told_of_blocking_what_they_know()
    {
        var blocked = new BlockedError(new BlockingInfo(BlockingReason.Spam, new ClientNotice(5)));
        Assert.Equal(SmpError.Auth, SmpErrorWriter.ForVersion(blocked, 11));
        Assert.Equal(new BlockedError(new BlockingInfo(BlockingReason.Spam)), SmpErrorWriter.ForVersion(blocked, 12));
        Assert.Equal(new BlockedError(new BlockingInfo(BlockingReason.Spam)), SmpErrorWriter.ForVersion(blocked, 17));
        Assert.Equal(blocked, SmpErrorWriter.ForVersion(blocked, 18));
    }

    [Fact]
    [Spec("S-212")]
    public void Nesting_of_proxy_errors_is_bounded()
    {
        static byte[] Nested(int levels) => [.. Enumerable.Repeat("PROXY PROTOCOL "u8.ToArray(), levels).SelectMany(b => b), .. "AUTH"u8];
        Assert.NotNull(Codec.ReadError(Nested(SmpSizes.MaxErrorDepthLevels)));
        Assert.Null(Codec.ReadError(Nested(SmpSizes.MaxErrorDepthLevels + 1)));
        Assert.Null(Codec.ReadError(Nested(100_000)));
    }
}
