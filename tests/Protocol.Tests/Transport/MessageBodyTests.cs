using System.Security.Cryptography;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Tests.Crypto;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Transport;

public class MessageBodyTests
{
    [Fact]
    [Spec("S-289", "S-290", "S-292", "S-453")]
    public void Recorded_messages_encrypt_and_decrypt()
    {
        foreach (JsonElement vector in Vectors.TransportFile.List("message_bodies"))
        {
            byte[] body = vector.GetProperty("body").ValueKind is JsonValueKind.String
                ? vector.Hex("body")
                : [.. Enumerable.Repeat((byte)'a', vector.GetProperty("body").Number("length"))];
            BoxKey key = new(vector.Hex("dh_secret"));
            byte[] encrypted = new byte[SmpSizes.EncryptedBodyBytes];
            bool notify = vector.GetProperty("notification").GetBoolean();
            MessageBody.Encrypt(encrypted, key, vector.Hex("msg_id"), vector.Number("timestamp"), notify, body);
            Assert.Equal(vector.GetProperty("encrypted").Hex("sha256"), SHA256.HashData(encrypted));

            ReceivedBody? read = MessageBody.TryDecrypt(encrypted, key, vector.Hex("msg_id"));
            Assert.NotNull(read);
            Assert.Equal(body, read.Body.ToArray());
            Assert.Equal((vector.Number("timestamp"), notify, false), (read.Timestamp, read.Notify, read.IsQuotaMarker));
        }
    }

    [Fact]
    [Spec("S-289", "S-453")]
    public void The_recorded_quota_marker_encrypts_and_decrypts()
    {
        JsonElement vector = Vectors.TransportFile.GetProperty("quota_body");
        BoxKey key = new(vector.Hex("dh_secret"));
        byte[] encrypted = new byte[SmpSizes.EncryptedBodyBytes];
        MessageBody.EncryptQuotaMarker(encrypted, key, vector.Hex("msg_id"), vector.Number("timestamp"));
        Assert.Equal(vector.GetProperty("encrypted").Hex("sha256"), SHA256.HashData(encrypted));
        ReceivedBody? read = MessageBody.TryDecrypt(encrypted, key, vector.Hex("msg_id"));
        Assert.True(read is { IsQuotaMarker: true, Timestamp: 1700000000 });
    }

    [Theory]
    [Spec("S-291")]
    [InlineData("00000000000000015420", true)]
    [InlineData("000000000000000154aabb20ff", true)]
    [InlineData("0000000000000001542020", true)]
    [InlineData("0000000000000001", false)]
    [InlineData("000000000000000158", false)]
    [InlineData("000000000000000154aabb", false)]
    [InlineData("51554f54412000000000000000", false)]
    [InlineData("51554f5441200000000000000000ff", false)]
    public void Plain_bodies_are_read_or_refused(string hex, bool valid) =>
        Assert.Equal(valid, MessageBody.TryParse(Convert.FromHexString(hex)) is not null);

    [Fact]
    [Spec("S-290")]
    public void Bodies_of_every_length_fit_up_to_the_bound()
    {
        BoxKey key = new(new byte[32]);
        byte[] encrypted = new byte[SmpSizes.EncryptedBodyBytes];
        MessageBody.Encrypt(encrypted, key, new byte[24], 1, true, new byte[MessageBody.MaxBodyLength]);
        Assert.Equal(MessageBody.MaxBodyLength, MessageBody.TryDecrypt(encrypted, key, new byte[24])!.Body.Length);
        Assert.True(MessageBody.MaxBodyLength >= SmpSizes.MaxBodyBytesLowest);
        Assert.Throws<ArgumentException>(() => MessageBody.Encrypt(encrypted, key, new byte[24], 1, true, new byte[MessageBody.MaxBodyLength + 1]));
    }

    [Fact]
    [Spec("S-296", "S-454")]
    public void Recorded_notifications_encrypt_and_decrypt()
    {
        foreach (JsonElement vector in Vectors.TransportFile.List("nmsg_meta"))
        {
            Check(vector.Hex("dh_secret"), vector.Hex("nonce"), vector.Text("encrypted"));
        }

        Check(
            Convert.FromHexString("3c528e9fd39731b15d10de8feb5f71d3f65b73c993581dedb03315a9ed177730"),
            [.. Enumerable.Repeat((byte)9, 24)],
            "20f3142ec859ba6d973242257fdb4d1d9f7a3d9116db314ea57cf865a4833f927f713cd7b0f392f843152681d45d340c61ecc3f14adbde9c4436041d97100f42344ab7e8aa6353a79a6b61fdfab00461c74071dc7cdcb8814825e73c690e75fe752f4628370b473e7392750fcb02feb9baf4e6a09ef6c1eeb8bad45a6c99d6450d4c10b09b9dedab1166a7b51d5efce2");
    }

    [Fact]
    [Spec("S-289")]
    public void Any_bytes_are_read_or_refused_but_never_throw() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            BoxKey key = new(new byte[32]);
            _ = MessageBody.TryParse(bytes);
            _ = MessageBody.TryDecrypt(bytes.ToArray(), key, bytes);
            return !NotificationMeta.TryDecrypt(bytes.ToArray(), key, new byte[24], out _, out _);
        }).QuickCheckThrowOnFailure();

    private static void Check(byte[] secret, byte[] nonce, string expected)
    {
        EntityId messageId = new([.. Enumerable.Repeat((byte)9, 24)]);
        BoxKey key = new(secret);
        byte[] encrypted = new byte[SmpSizes.EncryptedNotificationBytes];
        NotificationMeta.Encrypt(encrypted, key, nonce, messageId, 1700000000);
        Assert.Equal(expected, Convert.ToHexStringLower(encrypted));
        Assert.True(NotificationMeta.TryDecrypt(encrypted, key, nonce, out EntityId readId, out long timestamp));
        Assert.Equal((messageId, 1700000000L), (readId, timestamp));
        encrypted[0] ^= 1;
        Assert.False(NotificationMeta.TryDecrypt(encrypted, key, nonce, out _, out _));
    }
}
