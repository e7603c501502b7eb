using System.Text.Json;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Tests.Crypto;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Smp;

public class SmpResponseVectorTests
{
    public static TheoryData<string> Responses => SmpVectors.Names(SmpVectors.Commands, "responses");

    [Theory]
    [MemberData(nameof(Responses))]
    [Spec("S-188", "S-189", "S-190", "S-191", "S-192", "S-193", "S-194", "S-195", "S-196", "S-197", "S-198", "S-199")]
    [Spec("S-200", "S-201", "S-202", "S-203", "S-204", "S-205", "S-206", "S-208", "S-215")]
    [Spec("S-077", "S-078", "S-080", "S-083", "S-084", "S-085", "S-086", "S-087", "S-088")]
    public void Response_is_written_as_recorded_and_read_back(string name)
    {
        JsonElement vector = SmpVectors.Vector(SmpVectors.Commands, "responses", name);
        SmpResponse response = VectorFields.Response(vector.Text("tag"), vector.GetProperty("fields"));
        var versions = new List<ushort>();
        foreach ((ushort version, JsonElement entry) in vector.PerVersion("encodings"))
        {
            byte[] bytes = entry.Hex("bytes");
            Assert.Equal(bytes, Codec.Write(response, version));
            Assert.Equal(bytes, Codec.Write(Codec.ReadResponse(bytes, version), version));
            versions.Add(version);
        }

        Assert.Equal(Codec.Versions, versions);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HELLO")]
    [InlineData("SUB")]
    [InlineData("OK ")]
    [InlineData("SOK")]
    [InlineData("SOK 2")]
    [InlineData("ERR")]
    [InlineData("ERR WHAT")]
    [InlineData("SOKS 1234567")]
    [InlineData("IDS abc")]
    [InlineData("RNAMEX {}")]
    [Spec("S-025")]
    public void What_is_no_response_is_refused(string text)
    {
        foreach (ushort version in Codec.Versions)
        {
            Assert.False(SmpResponseParser.TryParse(System.Text.Encoding.ASCII.GetBytes(text), version, out _));
        }
    }

    [Fact]
    [Spec("S-024", "S-196")]
    public void Version_range_of_pkey_must_not_be_upside_down()
    {
        byte[] bytes = SmpVectors.Vector(SmpVectors.Commands, "responses", "pkey").List("encodings").Single().Hex("bytes");
        int minVersion = "PKEY "u8.Length + 1 + 32;
        Assert.Equal([0, 8, 0, 20], bytes[minVersion..(minVersion + 4)]);
        bytes[minVersion + 1] = 21;
        Assert.False(SmpResponseParser.TryParse(bytes, 20, out _));
    }
}
