using System.Text.Json;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Tests.Crypto;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Smp;

public class SmpTextTests
{
    public static TheoryData<string> Names => SmpVectors.Names(SmpVectors.Texts, "names");

    public static TheoryData<string> QueueInfos => SmpVectors.Names(SmpVectors.Texts, "queue_info");

    public static TheoryData<string> NameRecords => SmpVectors.Names(SmpVectors.Texts, "name_records");

    public static TheoryData<string> NameRecordsDecoded => SmpVectors.Names(SmpVectors.Texts, "name_records_decode");

    [Theory]
    [MemberData(nameof(Names))]
    [Spec("S-364")]
    public void Name_is_read_as_recorded(string name)
    {
        JsonElement vector = SmpVectors.Vector(SmpVectors.Texts, "names", name);
        bool read = SimplexName.TryParse(Utf8(vector.Text("input")), out SimplexName? parsed);
        Assert.Equal(vector.Text("result") == "ok", read);
        if (read)
        {
            Assert.Equal(vector.Text("tld"), parsed!.Space.ToString().ToLowerInvariant());
            Assert.Equal(vector.Text("domain"), parsed.Domain);
            Assert.Equal(vector.Text("full"), parsed.ToString());
            Assert.Equal(vector.List("sub_domain_parent_to_child").Select(s => s.GetString()!), parsed.Subdomains);
        }
    }

    [Fact]
    [Spec("S-364")]
    public void Name_has_at_most_253_bytes()
    {
        string Name(int lastLabel) => string.Join('.', new string('a', 63), new string('b', 63), new string('c', 63), new string('d', lastLabel));
        Assert.True(SimplexName.TryParse(Utf8(Name(61)), out _));
        Assert.False(SimplexName.TryParse(Utf8(Name(62)), out _));
    }

    [Fact]
    [Spec("S-215", "S-368")]
    public void Blocking_information_is_read_and_written_as_recorded()
    {
        foreach (JsonElement vector in SmpVectors.Texts.List("blocking_info"))
        {
            Assert.True(BlockingInfoText.TryParse(Utf8(vector.Text("text")), out BlockingInfo? info));
            Assert.Equal(vector.Text("text"), BlockingInfoText.Format(info));
        }

        foreach (JsonElement vector in SmpVectors.Texts.List("blocking_info_decode"))
        {
            bool read = BlockingInfoText.TryParse(Utf8(vector.Text("text")), out BlockingInfo? info);
            Assert.Equal(vector.Text("result"), read ? BlockingInfoText.Format(info!) : "rejected");
        }
    }

    [Theory]
    [MemberData(nameof(QueueInfos))]
    [Spec("S-202", "S-248")]
    public void Queue_information_is_read_and_written_as_recorded(string name)
    {
        string json = SmpVectors.Vector(SmpVectors.Texts, "queue_info", name).Text("text");
        Assert.True(QueueInfo.TryParse(Utf8(json), out QueueInfo? info));

        // Times here have 100 ns; routers themselves keep seconds.
        string expected = name == "prohibit_sub_quota" ? json.Replace("123456789Z", "1234567Z") : json;
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(info.ToJson()));
    }

    [Fact]
    [Spec("S-248")]
    public void Queue_information_is_written_from_values()
    {
        var info = new QueueInfo
        {
            IsSecured = true,
            HasNotifier = true,
            Subscription = new QueueSubscriptionInfo(QueueSubscriptionState.Delivering, [0xfb, 0xff, 0xfe, 0x01]),
            Size = 2,
            NextMessage = new QueueMessageInfo([0xfb, 0xff], DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), QueueMessageKind.Quota),
        };
        Assert.Equal(
            """{"qiSnd":true,"qiNtf":true,"qiSub":{"qSubThread":"subThread","qDelivered":"+//+AQ=="},"qiSize":2,"qiMsg":{"msgId":"+/8=","msgTs":"2023-11-14T22:13:20Z","msgType":"quota"}}""",
            System.Text.Encoding.UTF8.GetString(info.ToJson()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"qiSnd":true,"qiNtf":true}""")]
    [InlineData("""{"qiSnd":1,"qiNtf":true,"qiSize":0}""")]
    [InlineData("""{"qiSnd":true,"qiNtf":true,"qiSize":0,"qiSub":{}}""")]
    [InlineData("""{"qiSnd":true,"qiNtf":true,"qiSize":0,"qiMsg":{"msgId":"AA==","msgTs":"yesterday","msgType":"quota"}}""")]
    [InlineData("""{"qiSnd":true,"qiNtf":true,"qiSize":0,"qiMsg":{"msgId":"\ud800","msgTs":"2023-11-14T22:13:20Z","msgType":"quota"}}""")]
    [InlineData("""{"qiSnd":true,"qiNtf":true,"qiSize":0} x""")]
    [Spec("S-248")]
    public void What_is_no_queue_information_is_refused(string json) => Assert.False(QueueInfo.TryParse(Utf8(json), out _));

    [Theory]
    [MemberData(nameof(NameRecords))]
    [Spec("S-365")]
    public void Name_record_is_read_and_written_as_recorded(string name)
    {
        JsonElement vector = SmpVectors.Vector(SmpVectors.Texts, "name_records", name);
        Assert.Equal(vector.Text("text"), Text(VectorFields.Name(vector.GetProperty("value"))));
        Assert.True(NameRecord.TryParse(Utf8(vector.Text("text")), out NameRecord? record));
        Assert.Equal(vector.Text("text"), Text(record));
    }

    [Theory]
    [MemberData(nameof(NameRecordsDecoded))]
    [Spec("S-365")]
    public void Name_record_of_a_resolver_is_read_as_recorded(string name)
    {
        JsonElement vector = SmpVectors.Vector(SmpVectors.Texts, "name_records_decode", name);
        bool read = NameRecord.TryParse(Utf8(vector.Text("json")), out NameRecord? record);
        Assert.Equal(vector.Text("result"), read ? Text(record!) : "rejected");
    }

    [Fact]
    [Spec("S-002", "S-003", "S-160", "S-171")]
    public void Flags_and_subscription_modes_are_written_as_recorded()
    {
        Assert.Equal(["T", "F"], SmpVectors.Texts.List("msg_flags").Select(v => v.Text("text")));
        Assert.Equal("SEND T "u8, Codec.Write(new SendCommand(true, default), 20));
        Assert.Equal("SEND F "u8, Codec.Write(new SendCommand(false, default), 20));

        JsonElement fields = SmpVectors.Vector(SmpVectors.Commands, "commands", "new_ed25519_subscribe").GetProperty("fields");
        var create = (NewCommand)VectorFields.Command("NEW", fields);
        foreach (JsonElement mode in SmpVectors.Texts.List("sub_modes"))
        {
            byte[] written = Codec.Write(create with { Subscribe = mode.Text("text") == "subscribe" }, 6);
            Assert.Equal(mode.Hex("wire"), written[^1..]);
        }
    }

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static string Text(NameRecord record) => System.Text.Encoding.UTF8.GetString(record.ToJson());
}
