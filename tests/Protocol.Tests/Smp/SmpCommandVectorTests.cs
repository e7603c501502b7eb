using System.Text.Json;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Tests.Crypto;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Smp;

public class SmpCommandVectorTests
{
    public static TheoryData<string> Commands => SmpVectors.Names(SmpVectors.Commands, "commands");

    public static TheoryData<string> Refused => SmpVectors.Names(SmpVectors.Commands, "command_parse_errors");

    public static TheoryData<string> Tolerated => SmpVectors.Names(SmpVectors.Commands, "command_parse_tolerated");

    [Theory]
    [MemberData(nameof(Commands))]
    [Spec("S-145", "S-146", "S-147", "S-148", "S-149", "S-150", "S-151", "S-152", "S-153", "S-154", "S-155", "S-156", "S-157", "S-158")]
    [Spec("S-159", "S-160", "S-161", "S-162", "S-163", "S-164", "S-165", "S-166", "S-167", "S-168", "S-169")]
    [Spec("S-006", "S-010", "S-077", "S-083", "S-085", "S-087", "S-088", "S-171", "S-172", "S-173", "S-174")]
    public void Command_is_written_as_recorded_and_read_back(string name)
    {
        JsonElement vector = SmpVectors.Vector(SmpVectors.Commands, "commands", name);
        SmpCommand command = VectorFields.Command(vector.Text("tag"), vector.GetProperty("fields"));
        Assert.Equal(vector.Text("tag"), command.Tag.ToString());
        var versions = new List<ushort>();
        foreach ((ushort version, JsonElement entry) in vector.PerVersion("encodings"))
        {
            byte[] bytes = entry.Hex("bytes");
            Assert.Equal(bytes, Codec.Write(command, version));
            SmpCommand read = Codec.ReadCommand(bytes, version);
            Assert.Equal(command.Tag, read.Tag);
            Assert.Equal(bytes, Codec.Write(read, version));
            versions.Add(version);
        }

        Assert.Equal(Codec.Versions, versions);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    [Spec("S-008", "S-014", "S-015", "S-016", "S-025", "S-175", "S-176", "S-177", "S-207", "S-364", "S-436", "S-465")]
    public void Command_is_refused_as_recorded(string name)
    {
        JsonElement vector = SmpVectors.Vector(SmpVectors.Commands, "command_parse_errors", name);
        foreach ((ushort version, JsonElement entry) in vector.PerVersion("results"))
        {
            bool read = SmpCommandParser.TryParse(vector.Hex("bytes"), version, out _, out SmpError? error);
            Assert.Equal(entry.Text("result"), read ? "ok" : error!.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Tolerated))]
    [Spec("S-023", "S-155", "S-160", "S-169", "S-174")]
    public void Command_is_tolerated_as_recorded(string name)
    {
        JsonElement vector = SmpVectors.Vector(SmpVectors.Commands, "command_parse_tolerated", name);
        foreach ((ushort version, JsonElement entry) in vector.PerVersion("results"))
        {
            bool read = SmpCommandParser.TryParse(vector.Hex("bytes"), version, out SmpCommand? command, out SmpError? error);
            Assert.Equal(entry.Text("result"), read ? "ok" : error!.ToString());
            if (read)
            {
                Assert.Equal(entry.Hex("reencoded"), Codec.Write(command!, version));
            }
        }
    }

    [Fact]
    [Spec("S-169", "S-364")]
    public void Name_to_resolve_is_lower_cased()
    {
        JsonElement fields = SmpVectors.Vector(SmpVectors.Commands, "commands", "rslv_web_uppercase_input").GetProperty("fields");
        SmpCommand read = Codec.ReadCommand([.. "RSLV "u8, .. System.Text.Encoding.ASCII.GetBytes(fields.Text("input"))], 20);
        Assert.Equal(fields.Text("domain"), Assert.IsType<RslvCommand>(read).Domain);
    }

    [Fact]
    public void Bodies_are_slices_of_the_received_bytes()
    {
        byte[] bytes = [.. "SEND T body"u8];
        var send = Assert.IsType<SendCommand>(Codec.ReadCommand(bytes, 20));
        bytes[^1] = (byte)'!';
        Assert.Equal("bod!"u8, send.Body.Span);
    }
}
