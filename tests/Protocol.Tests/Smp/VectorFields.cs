using System.Text.Json;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Tests.Crypto;
using Xunit;

namespace SimplexActors.Protocol.Tests.Smp;

/// <summary>Makes commands and responses of the fields that vectors name, not of their bytes.</summary>
public static class VectorFields
{
    public static SmpCommand Command(string tag, JsonElement fields) => tag switch
    {
        "NEW" => New(fields),
        "SUB" => SubCommand.Instance,
        "SUBS" => new SubsCommand(Service(fields)),
        "KEY" => new KeyCommand(Key(fields, "sender_key")),
        "RKEY" => new RkeyCommand([.. fields.List("keys").Select(k => PublicKey.TryDecode(Convert.FromHexString(k.GetString()!))!)]),
        "LSET" => new LsetCommand(Id(fields, "link_id"), Link(fields)),
        "LDEL" => LdelCommand.Instance,
        "NKEY" => new NkeyCommand(Key(fields, "ntf_auth_key"), Key(fields, "ntf_dh_key")),
        "NDEL" => NdelCommand.Instance,
        "GET" => GetCommand.Instance,
        "ACK" => new AckCommand(Id(fields, "msg_id")),
        "OFF" => OffCommand.Instance,
        "DEL" => DelCommand.Instance,
        "QUE" => QueCommand.Instance,
        "SKEY" => new SkeyCommand(Key(fields, "sender_key")),
        "SEND" => new SendCommand(fields.GetProperty("notification").GetBoolean(), fields.Hex("body")),
        "PING" => PingCommand.Instance,
        "LKEY" => new LkeyCommand(Key(fields, "sender_key")),
        "LGET" => LgetCommand.Instance,
        "NSUB" => NsubCommand.Instance,
        "NSUBS" => new NsubsCommand(Service(fields)),
        "PRXY" => new PrxyCommand([.. fields.List("hosts").Select(h => Host(h.GetString()!))], Port(fields.Text("port")), Id(fields, "key_hash"), MaybeText(fields, "basic_auth")),
        "PFWD" => new PfwdCommand((ushort)fields.Number("version"), Key(fields, "client_key"), fields.Hex("enc_transmission")),
        "RFWD" => new RfwdCommand(fields.Hex("enc_fwd_transmission")),
        "RSLV" => new RslvCommand(fields.Text("domain")),
        _ => throw new ArgumentOutOfRangeException(nameof(tag), tag, null),
    };

    public static SmpResponse Response(string tag, JsonElement fields) => tag switch
    {
        "IDS" => Ids(fields),
        "LNK" => new LnkResponse(Id(fields, "sender_id"), Link(fields)),
        "SOK" => new SokResponse(MaybeId(fields, "service_id")),
        "SOKS" => new SoksResponse(Service(fields)),
        "MSG" => new MsgResponse(Id(fields, "msg_id"), fields.Hex("enc_body")),
        "ALLS" => AllsResponse.Instance,
        "NID" => new NidResponse(Notifier(fields)),
        "NMSG" => new NmsgResponse(fields.Hex("nonce"), fields.Hex("enc_meta")),
        "PKEY" => Pkey(fields),
        "RRES" => new RresResponse(fields.Hex("enc_fwd_response")),
        "PRES" => new PresResponse(fields.Hex("enc_response")),
        "END" => EndResponse.Instance,
        "ENDS" => new EndsResponse(Service(fields)),
        "DELD" => DeldResponse.Instance,
        "INFO" => new InfoResponse(System.Text.Encoding.UTF8.GetBytes(fields.Text("json"))),
        "OK" => OkResponse.Instance,
        "PONG" => PongResponse.Instance,
        "RNAME" => new RnameResponse(Name(fields.GetProperty("json")).ToJson()),
        "ERR" => new ErrResponse(Codec.ReadError(System.Text.Encoding.UTF8.GetBytes(fields.Text("error")))!),
        _ => throw new ArgumentOutOfRangeException(nameof(tag), tag, null),
    };

    public static NameRecord Name(JsonElement value) => new()
    {
        Name = value.Text("name"),
        Nickname = value.Text("nickname"),
        Website = value.Text("website"),
        Location = value.Text("location"),
        SimplexContact = [.. value.List("simplexContact").Select(v => v.GetString()!)],
        SimplexChannel = [.. value.List("simplexChannel").Select(v => v.GetString()!)],
        Eth = MaybeText(value, "eth"),
        Btc = MaybeText(value, "btc"),
        Xmr = MaybeText(value, "xmr"),
        Dot = MaybeText(value, "dot"),
        Owner = value.Text("owner"),
        Resolver = value.Text("resolver"),
    };

    private static NewCommand New(JsonElement fields)
    {
        JsonElement? request = fields.Has("queue_req") ? fields.GetProperty("queue_req") : null;
        NewQueueLink? link = request is { } linked && linked.Has("link_data")
            ? new NewQueueLink(MaybeId(linked, "link_id"), Id(linked, "sender_id"), Link(linked))
            : null;
        NewNotifier? notifier = fields.Has("ntf_creds")
            ? new NewNotifier(Key(fields.GetProperty("ntf_creds"), "ntf_auth_key"), Key(fields.GetProperty("ntf_creds"), "ntf_dh_key"))
            : null;
        return new NewCommand(
            Key(fields, "rcv_auth_key"),
            Key(fields, "rcv_dh_key"),
            MaybeText(fields, "basic_auth"),
            fields.Text("sub_mode") == "subscribe",
            request is { } asked ? Mode(asked, "mode") : null,
            link,
            notifier);
    }

    private static IdsResponse Ids(JsonElement fields) => new(
        Id(fields, "recipient_id"),
        Id(fields, "sender_id"),
        Key(fields, "server_dh_key"),
        fields.Has("queue_mode") ? Mode(fields, "queue_mode") : null,
        MaybeId(fields, "link_id"),
        MaybeId(fields, "service_id"),
        fields.Has("ntf_creds") ? Notifier(fields.GetProperty("ntf_creds")) : null);

    private static PkeyResponse Pkey(JsonElement fields) => new(
        Id(fields, "session_id"),
        (ushort)fields.Number("min_version"),
        (ushort)fields.Number("max_version"),
        [.. fields.List("certificates").Select(c => new ReadOnlyMemory<byte>(Convert.FromHexString(c.GetString()!)))],
        fields.Hex("signed_server_key"));

    private static NotifierIds Notifier(JsonElement fields) => new(Id(fields, "notifier_id"), Key(fields, "server_ntf_dh_key"));

    private static QueueMode Mode(JsonElement fields, string field) => fields.Text(field) switch
    {
        "messaging" => QueueMode.Messaging,
        "contact" => QueueMode.Contact,
        string other => throw new ArgumentOutOfRangeException(nameof(fields), other, null),
    };

    private static LinkData Link(JsonElement fields)
    {
        JsonElement data = fields.GetProperty("link_data");
        return new LinkData(data.Hex("fixed"), data.Hex("user"));
    }

    private static ServiceQueues Service(JsonElement fields) => new(fields.GetProperty("count").GetInt64(), Id(fields, "ids_hash"));

    private static RouterHost Host(string text)
    {
        Assert.True(RouterHost.TryParse(text, out RouterHost? host));
        return host;
    }

    private static ushort? Port(string text) => text.Length == 0 ? null : ushort.Parse(text);

    private static PublicKey Key(JsonElement fields, string field) => PublicKey.TryDecode(fields.Hex(field))!;

    private static EntityId Id(JsonElement fields, string field) => new(fields.Hex(field));

    private static EntityId? MaybeId(JsonElement fields, string field) => fields.Has(field) ? Id(fields, field) : null;

    private static string? MaybeText(JsonElement fields, string field) => fields.Has(field) ? fields.Text(field) : null;
}
