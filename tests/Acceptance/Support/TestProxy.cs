using System.Text;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;
using SimplexActors.Protocol.Transport.Forwarding;
using Xunit;

namespace SimplexActors.Acceptance.Support;

/// <summary>What a relay made of a forwarded command.</summary>
/// <param name="Refusal">Its error for the proxy; null when there is an answer for the client.</param>
/// <param name="Inner">The answer for the client.</param>
public sealed record Forwarding(SmpError? Refusal, Answer? Inner)
{
    /// <summary>The error for the client.</summary>
    public SmpError? Error => Inner?.Error;
}

/// <summary>A proxy, and its client, that the test plays byte by byte over a connection to a real relay.</summary>
public sealed class TestProxy(Wire wire)
{
    /// <summary>The connection to the relay.</summary>
    public Wire Wire { get; } = wire;

    /// <summary>Forwards one command, honestly encrypted.</summary>
    public Task<Forwarding> ForwardAsync(
        SmpCommand command, EntityId entity, PrivateKey? key = null, int version = SmpVersion.Current) =>
        ForwardBatchAsync((ushort)version, Command(command, entity, key, (ushort)version));

    /// <summary>Forwards one command that is text.</summary>
    public Task<Forwarding> ForwardAsync(string command, EntityId entity = default, int version = SmpVersion.Current) =>
        ForwardBatchAsync((ushort)version, Transmission(Encoding.ASCII.GetBytes(command), EntityId.Random(), entity, key: null, (ushort)version));

    /// <summary>Forwards a batch of any transmissions.</summary>
    public Task<Forwarding> ForwardBatchAsync(ushort version, params byte[][] transmissions)
    {
        var content = new WireWriter(new byte[Block.Length]);
        content.WriteByte((byte)transmissions.Length);
        foreach (byte[] transmission in transmissions)
        {
            content.WriteLarge(transmission);
        }

        return ForwardContentAsync(version, content.Written.ToArray());
    }

    /// <summary>Forwards any bytes in place of a batch.</summary>
    public async Task<Forwarding> ForwardContentAsync(ushort version, byte[] content, EntityId? fwdCorrelation = null, EntityId? rfwdCorrelation = null)
    {
        using var commandKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        EntityId fwd = fwdCorrelation ?? EntityId.Random();
        EntityId rfwd = rfwdCorrelation ?? EntityId.Random();
        Assert.True(BoxKey.TryAgree(commandKey, Wire.Connection.RouterKey!, out BoxKey secret));
        // Short contents in a short box, so that long correlation ids fit; the relay does not look at its size.
        byte[] encrypted = new byte[Math.Min(ForwardingSizes.Encrypted, SecretBox.TagLength + Padding.PrefixLength + content.Length)];
        if (fwd.Length <= EntityId.GeneratedLength)
        {
            encrypted = new byte[ForwardingSizes.Encrypted];
        }

        content.CopyTo(encrypted.AsSpan(SecretBox.TagLength + Padding.PrefixLength));
        Assert.True(Padding.TryPad(encrypted.AsSpan(SecretBox.TagLength), content.Length));
        SecretBox.Seal(secret, CommandNonce(fwd), encrypted);
        var pfwd = new PfwdCommand(version, commandKey.Public, encrypted);
        byte[] box = new byte[ProxyLayer.LengthOfCommand(fwd, pfwd)];
        ProxyLayer.SealCommand(Wire.Connection.Relay!.Secret.Key, CommandNonce(rfwd), box, fwd, pfwd);
        return Open(await SendAsync(rfwd, box), fwd, rfwd, secret, version);
    }

    /// <summary>Sends a box as it is.</summary>
    public async Task<SmpResponse> SendAsync(EntityId correlation, byte[] box)
    {
        Answer answer = Assert.Single(await Wire.AskAsync(Wire.Command(new RfwdCommand(box), EntityId.Empty, correlation: correlation)));
        Assert.Equal(correlation, answer.Correlation);
        Assert.True(answer.Entity.IsEmpty);
        return answer.Response;
    }

    /// <summary>Encrypts what takes the place of a forwarded command, for the relay.</summary>
    public byte[] Box(EntityId correlation, byte[] content)
    {
        byte[] box = [.. new byte[SecretBox.TagLength], .. content];
        SecretBox.Seal(Wire.Connection.Relay!.Secret.Key, CommandNonce(correlation), box);
        return box;
    }

    /// <summary>A transmission that its client authorised over the session of proxy and relay.</summary>
    public byte[] Command(SmpCommand command, EntityId entity, PrivateKey? key, ushort version, EntityId? correlation = null)
    {
        var writer = new WireWriter(new byte[Block.Length]);
        SmpCommandWriter.Write(ref writer, command, version);
        return Transmission(writer.Written.ToArray(), correlation ?? EntityId.Random(), entity, key, version);
    }

    private byte[] Transmission(byte[] command, EntityId correlation, EntityId entity, PrivateKey? key, ushort version)
    {
        var writer = new WireWriter(new byte[2 * Block.Length]);
        CommandKey? prepared = key is null ? null : Wire.Connection.Prepare(key);
        TransmissionWriter.WriteCommand(ref writer, Wire.Connection.Format.Forwarded(version), correlation, entity, command, prepared);
        return writer.Written.ToArray();
    }

    private Forwarding Open(SmpResponse response, EntityId fwd, EntityId rfwd, BoxKey secret, ushort version)
    {
        if (response is ErrResponse refusal)
        {
            return new Forwarding(refusal.Error, Inner: null);
        }

        byte[] box = Assert.IsType<RresResponse>(response).Encrypted.ToArray();
        Assert.True(ProxyLayer.TryOpen(Wire.Connection.Relay!.Secret.Key, ResponseNonce(rfwd), box, out Memory<byte> opened));
        Assert.Equal(fwd, new WireReader(opened.Span).ReadId());
        byte[] encrypted = ProxyLayer.ReadResponse(opened)!.Value.ToArray();
        Assert.Equal(ForwardingSizes.Encrypted, encrypted.Length);
        Assert.True(ClientLayer.TryOpen(secret, ResponseNonce(fwd), encrypted, out Memory<byte> batch));
        Assert.True(TransmissionReader.TryOpen(Wire.Connection.Format.Forwarded(version), batch, out TransmissionReader reader));
        Assert.Equal(1, reader.Count);
        Assert.True(reader.TryRead(out Transmission transmission));
        Assert.True(SmpResponseParser.TryParse(transmission.Command, version, out SmpResponse? inner));
        return new Forwarding(Refusal: null, new Answer(transmission.CorrelationId, transmission.EntityId, inner));
    }

    private static byte[] CommandNonce(EntityId correlation)
    {
        byte[] nonce = new byte[SecretBox.NonceLength];
        ForwardingNonce.OfCommand(correlation, nonce);
        return nonce;
    }

    private static byte[] ResponseNonce(EntityId correlation) => [.. CommandNonce(correlation).Reverse()];
}
