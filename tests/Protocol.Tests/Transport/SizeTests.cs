using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Tests.Smp;
using SimplexActors.Protocol.Transport;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Transport;

/// <summary>Sizes of the largest transmissions, with the two bytes that say their length in a block.</summary>
public class SizeTests
{
    /// <summary>A command or response sealed for the client behind a proxy: 16226 bytes and a tag.</summary>
    private const int SealedBytes = 16242;

    /// <summary>What the proxy adds around a command: tag, correlation id, version and key.</summary>
    private const int ProxyLayerBytes = 16 + 25 + 2 + 45;

    private static readonly EntityId Id = new(new byte[24]);
    private static readonly EntityId Session = new(new byte[32]);
    private static readonly MsgResponse Message = new(Id, new byte[SmpSizes.EncryptedBodyBytes]);

    [Fact]
    [Spec("S-126", "S-476")]
    public void A_message_event_leaves_room_for_three_confirmations()
    {
        int message = LengthOf(Message, EntityId.Empty, Id);
        int confirmation = LengthOf(SokResponse.Plain, Id, Id);
        Assert.Equal((16180, 58), (message, confirmation));
        Assert.Equal([4], BlocksOf(confirmation, confirmation, confirmation, message));
        Assert.Equal([1, 4], BlocksOf(confirmation, confirmation, confirmation, confirmation, message));
    }

    [Fact]
    [Spec("S-127")]
    public void A_message_that_answers_has_a_block_of_its_own()
    {
        int message = LengthOf(Message, Id, Id);
        Assert.Equal(16204, message);
        Assert.Equal([1], BlocksOf(message));
    }

    [Fact]
    [Spec("S-128", "S-129", "S-130", "S-131")]
    public void What_a_proxy_passes_on_fits_a_block()
    {
        using var key = PrivateKey.Generate(KeyAlgorithm.X25519);
        var toProxy = new PfwdCommand(20, key.Public, new byte[SealedBytes]);
        int forward = LengthOf(toProxy, Session);
        int relayed = LengthOf(new RfwdCommand(new byte[ProxyLayerBytes + SealedBytes]), EntityId.Empty);
        int answer = LengthOf(new RresResponse(new byte[16 + 25 + SealedBytes]), Id, EntityId.Empty);
        int delivered = LengthOf(new PresResponse(new byte[SealedBytes]), Id, Session);
        Assert.Equal((16355, 16364, 16317, 16308), (forward, relayed, answer, delivered));
        Assert.All((int[])[forward, relayed, answer, delivered], length => Assert.Equal([1], BlocksOf(length)));

        // With a session id of 48 bytes, as suites with SHA-384 make it, nothing could be forwarded.
        int longer = LengthOf(toProxy, new EntityId(new byte[48]));
        Assert.Equal(16371, longer);
        Assert.Empty(BlocksOf(longer));
    }

    [Fact]
    [Spec("S-125", "S-132", "S-307")]
    public void The_largest_message_and_the_largest_link_pass_through_a_proxy()
    {
        const int Sealable = SealedBytes - 16 - 2;
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed448);
        int send = LengthOf(new SendCommand(Notify: true, new byte[SmpSizes.MaxBodyBytes]), Id, key);
        Assert.Equal((16223, Sealable), (send, 1 + send));
        Assert.Equal(Sealable, 1 + LengthOf(Link(16137), Id, Id));
        Assert.Equal(16365, LengthOf(Link(16279), Id, Id));

        static LnkResponse Link(int bytes) => new(Id, new LinkData(new byte[2048], new byte[bytes - 2048]));
    }

    private static int LengthOf(SmpCommand command, EntityId entity, PrivateKey? key = null)
    {
        using CommandKey? prepared = key is null ? null : CommandKey.TryCreate(key, routerKey: null);
        var writer = new WireWriter(new byte[2 * Block.Length]);
        TransmissionWriter.WriteCommand(ref writer, new TransmissionFormat(20, Session.Bytes), Id, entity, Codec.Write(command, 20), prepared);
        return sizeof(ushort) + writer.Length;
    }

    private static int LengthOf(SmpResponse response, EntityId correlation, EntityId entity)
    {
        var writer = new WireWriter(new byte[2 * Block.Length]);
        TransmissionWriter.WriteHead(ref writer, new TransmissionFormat(20, Session.Bytes), correlation, entity);
        writer.Write(Codec.Write(response, 20));
        return sizeof(ushort) + writer.Length;
    }

    /// <summary>Transmissions in each block; those that fit none are left out.</summary>
    private static int[] BlocksOf(params int[] lengths)
    {
        var blocks = new List<BatchPart>();
        TransmissionBatch.Split([.. lengths.Select(length => length - sizeof(ushort))], blocks);
        return [.. blocks.Where(block => !block.IsTooLarge).Select(block => block.Count)];
    }
}
