using System.Text.Json;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Tests.Crypto;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Smp;

/// <summary>What everything on the wire is made of.</summary>
public class PrimitiveTests
{
    [Fact]
    [Spec("S-001", "S-003", "S-004", "S-005", "S-007", "S-011", "S-024")]
    public void Values_are_written_as_recorded_and_read_back()
    {
        foreach (JsonElement vector in SmpVectors.Commands.List("primitives"))
        {
            byte[] bytes = vector.Hex("bytes");
            var writer = new WireWriter(new byte[bytes.Length]);
            var reader = new WireReader(bytes);
            if (Pass(vector.Text("type"), vector.GetProperty("value"), ref writer, ref reader))
            {
                Assert.Equal(bytes, writer.Written);
                Assert.True(reader.IsComplete, vector.Text("name"));

                var cut = new WireReader(bytes.AsSpan(0, bytes.Length - 1));
                var unused = new WireWriter(new byte[bytes.Length]);
                Pass(vector.Text("type"), default, ref unused, ref cut);
                Assert.True(cut.Failed, vector.Text("name"));
            }
        }
    }

    [Fact]
    [Spec("S-003", "S-007")]
    public void Flags_and_options_have_no_third_value()
    {
        for (int value = 0; value <= byte.MaxValue; value++)
        {
            var flag = new WireReader([(byte)value]);
            Assert.Equal(value is 'T', flag.ReadBool());
            Assert.Equal(value is not ('T' or 'F'), flag.Failed);
            var option = new WireReader([(byte)value]);
            Assert.Equal(value is '1', option.ReadMaybe());
            Assert.Equal(value is not ('0' or '1'), option.Failed);
        }
    }

    [Fact]
    [Spec("S-004", "S-005")]
    public void Strings_that_their_length_cannot_tell_are_a_fault_and_not_cut()
    {
        Assert.Throws<ArgumentException>(() => new WireWriter(new byte[1000]).WriteShort(new byte[256]));
        Assert.Throws<ArgumentException>(() => new WireWriter(new byte[100_000]).WriteLarge(new byte[65536]));
    }

    [Fact]
    [Spec("S-012")]
    public void Texts_are_UTF_8_or_refused()
    {
        JsonElement text = SmpVectors.Vector(SmpVectors.Commands, "primitives", "text_utf8");
        byte[] host = text.Hex("bytes");
        var command = Assert.IsType<PrxyCommand>(Codec.ReadCommand(Prxy(host), 20));
        Assert.Equal(text.Text("value"), Assert.Single(command.Hosts).Name);

        byte[] invalid = [.. host];
        invalid[2] = 0xff;
        Assert.False(SmpCommandParser.TryParse(Prxy(invalid), 20, out _, out SmpError? error));
        Assert.Equal(CmdError.Syntax, error);

        // One host, no port, a fingerprint and no password.
        static byte[] Prxy(byte[] host) => [.. "PRXY "u8, 1, .. host, 0, 32, .. new byte[32], (byte)'0'];
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(255)]
    [Spec("S-022")]
    public void Ids_have_any_length(int length)
    {
        byte[] bytes = [.. Enumerable.Range(1, length).Select(i => (byte)i)];
        var writer = new WireWriter(new byte[1 + length]);
        writer.WriteId(new EntityId(bytes));
        var reader = new WireReader(writer.Written);
        Assert.Equal(bytes, reader.ReadId().ToArray());
        Assert.True(reader.IsComplete);
        var acknowledge = Assert.IsType<AckCommand>(Codec.ReadCommand([.. "ACK "u8, .. writer.Written], 20));
        Assert.Equal(new EntityId(bytes), acknowledge.MessageId);
    }

    /// <summary>Writes a value and reads it; false for a type that only composite encodings use.</summary>
    /// <param name="type">As recorded.</param>
    /// <param name="value">As recorded; undefined to read without comparing.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="reader">Where from.</param>
    private static bool Pass(string type, JsonElement value, ref WireWriter writer, ref WireReader reader)
    {
        bool compares = value.ValueKind is not JsonValueKind.Undefined;
        switch (type)
        {
            case "word16":
                ushort word16 = compares ? value.GetUInt16() : (ushort)0;
                writer.WriteUInt16(word16);
                Assert.Equal(word16, reader.ReadUInt16());
                return true;
            case "word32":
                uint word32 = compares ? value.GetUInt32() : 0;
                writer.WriteUInt32(word32);
                Assert.Equal(word32, reader.ReadUInt32());
                return true;
            case "int64" or "timestamp":
                long int64 = !compares ? 0 : type is "int64" ? value.GetInt64() : value.GetProperty("seconds").GetInt64();
                writer.WriteInt64(int64);
                Assert.Equal(int64, reader.ReadInt64());
                return true;
            case "bool":
                bool flag = compares && value.GetBoolean();
                writer.WriteBool(flag);
                Assert.Equal(flag, reader.ReadBool());
                return true;
            case "short_string" or "large_string":
                byte[] content = compares ? Convert.FromHexString(value.GetString()!) : [];
                PassString(type is "short_string", content, ref writer, ref reader);
                return true;
            case "maybe_short_string":
                bool present = !compares || value.ValueKind is not JsonValueKind.Null;
                writer.WriteMaybe(present);
                if (reader.ReadMaybe() && present)
                {
                    PassString(isShort: true, compares ? Convert.FromHexString(value.GetString()!) : [], ref writer, ref reader);
                }

                return true;
            case "version_range":
                VersionRange range = compares
                    ? new VersionRange(value.GetProperty("min").GetUInt16(), value.GetProperty("max").GetUInt16())
                    : new VersionRange(6, 0);
                range.Write(ref writer);
                Assert.Equal(range, VersionRange.Read(ref reader));
                return true;
            default:
                return false;
        }
    }

    private static void PassString(bool isShort, byte[] content, ref WireWriter writer, ref WireReader reader)
    {
        if (isShort)
        {
            writer.WriteShort(content);
            Assert.Equal(content, reader.ReadShort());
        }
        else
        {
            writer.WriteLarge(content);
            Assert.Equal(content, reader.ReadLarge());
        }
    }
}
