using FsCheck;
using FsCheck.Fluent;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Smp;

public class SmpPropertyTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(1000);

    [Fact]
    [Spec("S-025")]
    public void Commands_come_back_as_they_were_written() =>
        Check(SmpGenerators.Command.Zip(SmpGenerators.Version), pair =>
        {
            byte[] written = Codec.Write(pair.Item1, pair.Item2);
            SmpCommand read = Codec.ReadCommand(written, pair.Item2);
            Assert.Equal(pair.Item1.Tag, read.Tag);
            Assert.Equal(written, Codec.Write(read, pair.Item2));
        });

    [Fact]
    [Spec("S-025")]
    public void Responses_come_back_as_they_were_written() =>
        Check(SmpGenerators.Response.Zip(SmpGenerators.Version), pair =>
        {
            byte[] written = Codec.Write(pair.Item1, pair.Item2);
            Assert.Equal(written, Codec.Write(Codec.ReadResponse(written, pair.Item2), pair.Item2));
        });

    [Fact]
    [Spec("S-212", "S-213")]
    public void Errors_come_back_as_they_were() =>
        Check(SmpGenerators.Error, error => Assert.Equal(error, Codec.ReadError(Codec.Write(error))));

    [Fact]
    [Spec("S-025")]
    public void Damaged_commands_are_read_or_refused_but_nothing_throws() =>
        Check(Damaged(SmpGenerators.Command.Zip(SmpGenerators.Version).Select(p => (Codec.Write(p.Item1, p.Item2), p.Item2))), pair =>
        {
            bool read = SmpCommandParser.TryParse(pair.Bytes, pair.Version, out SmpCommand? command, out SmpError? error);
            Assert.Equal(read, error is null);
            if (read)
            {
                byte[] again = Codec.Write(command!, pair.Version);
                Assert.Equal(again, Codec.Write(Codec.ReadCommand(again, pair.Version), pair.Version));
            }
            else
            {
                Assert.True(error == CmdError.Unknown || error == CmdError.Syntax);
            }
        });

    [Fact]
    [Spec("S-025")]
    public void Damaged_responses_are_read_or_refused_but_nothing_throws() =>
        Check(Damaged(SmpGenerators.Response.Zip(SmpGenerators.Version).Select(p => (Codec.Write(p.Item1, p.Item2), p.Item2))), pair =>
        {
            if (SmpResponseParser.TryParse(pair.Bytes, pair.Version, out SmpResponse? response))
            {
                byte[] again = Codec.Write(response, pair.Version);
                Assert.Equal(again, Codec.Write(Codec.ReadResponse(again, pair.Version), pair.Version));
            }
        });

    [Fact]
    public void Any_parameters_after_any_tag_are_read_or_refused_but_nothing_throws()
    {
        string[] tags = [.. Enum.GetNames<SmpCommandTag>(), "IDS", "LNK", "SOK", "SOKS", "MSG", "NID", "NMSG", "PKEY", "ENDS", "INFO", "ERR", "RNAME", ""];
        Gen<byte[]> bytes = Gen.Elements(tags).Zip(Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(), (t, p) =>
            (byte[])[.. System.Text.Encoding.ASCII.GetBytes(t), (byte)' ', .. p]);
        Check(bytes.Zip(SmpGenerators.Version), pair =>
        {
            bool isCommand = SmpCommandParser.TryParse(pair.Item1, pair.Item2, out SmpCommand? command, out SmpError? error);
            Assert.Equal(isCommand, command is not null && error is null);
            bool isResponse = SmpResponseParser.TryParse(pair.Item1, pair.Item2, out SmpResponse? response);
            Assert.Equal(isResponse, response is not null);
        });
    }

    [Fact]
    public void Damaged_texts_are_read_or_refused_but_nothing_throws()
    {
        Gen<byte[]> texts = Gen.Elements(
                "smp://LcJUMfVhwD8yxjAiSaDzzGF3-kLG4Uh0Fl_ZIjrRwjI=:pw@[2001:db8::1],10.1.2.3,abc2.onion,example.com:5223",
                """{"qiSnd":true,"qiNtf":true,"qiSub":{"qSubThread":"subThread","qDelivered":"AA=="},"qiSize":2,"qiMsg":{"msgId":"AA==","msgTs":"2023-11-14T22:13:20.5Z","msgType":"quota"}}""",
                """{"name":"a","nickname":"\u00e9","website":"","location":"","simplexContact":["x"],"simplexChannel":[],"eth":null,"owner":"","resolver":""}""",
                """reason=content,notice={"ttl":86400}""")
            .Select(System.Text.Encoding.UTF8.GetBytes);
        Check(Damaged(texts.Select(t => (t, SmpVersion.Current))), pair =>
        {
            Assert.True(!QueueInfo.TryParse(pair.Bytes, out QueueInfo? info) || QueueInfo.TryParse(info.ToJson(), out _));
            Assert.True(!NameRecord.TryParse(pair.Bytes, out NameRecord? record) || NameRecord.TryParse(record.ToJson(), out _));
            Assert.True(!BlockingInfoText.TryParse(pair.Bytes, out BlockingInfo? blocking)
                || BlockingInfoText.TryParse(System.Text.Encoding.UTF8.GetBytes(BlockingInfoText.Format(blocking)), out _));
            if (RouterAddress.TryParse(System.Text.Encoding.UTF8.GetString(pair.Bytes), out RouterAddress? address, out _))
            {
                Assert.True(RouterAddress.TryParse(address.Format(), out RouterAddress? again, out string? problem), problem);
                Assert.Equal(address, again);
            }
        });
    }

    /// <summary>Changes, cuts or lengthens bytes in up to three places.</summary>
    private static Gen<(byte[] Bytes, ushort Version)> Damaged(Gen<(byte[] Bytes, ushort Version)> whole) =>
        from start in whole
        from times in Gen.Choose(1, 3)
        from places in Gen.Choose(0, Math.Max(0, start.Bytes.Length - 1)).ArrayOf(times)
        from values in Gen.Choose(0, 255).ArrayOf(times)
        from kinds in Gen.Choose(0, 3).ArrayOf(times)
        select (Enumerable.Range(0, times).Aggregate(start.Bytes, (bytes, i) => Damage(bytes, places[i], (byte)values[i], kinds[i])), start.Version);

    private static byte[] Damage(byte[] bytes, int place, byte value, int kind)
    {
        int at = Math.Min(place, bytes.Length);
        return kind switch
        {
            0 => [.. bytes[..at], value, .. bytes[at..]],
            1 => bytes[..at],
            2 when at < bytes.Length => [.. bytes[..at], .. bytes[(at + 1)..]],
            _ when at < bytes.Length => [.. bytes[..at], value, .. bytes[(at + 1)..]],
            _ => bytes,
        };
    }

    private static void Check<T>(Gen<T> gen, Action<T> property) => Prop.ForAll(gen.ToArbitrary(), property).Check(Thorough);
}
