using System.Runtime.InteropServices;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;
using SimplexActors.Protocol.Transport.Forwarding;

namespace SimplexActors.Nodes.Edges.Smp.Relay;

/// <summary>
/// Opens <c>RFWD</c> as the relay of a command (S-347, S-348). From here on the command within takes the way of any
/// other; only its authorisation, its version and its answer know where it came from (<see cref="Forwarded"/>).
/// </summary>
internal sealed class ForwardedReader(SmpSession session)
{
    private static readonly ErrResponse NoAuth = new(new ProxyBrokerError(new BrokerTransportError(TransportError.NoAuth)));
    private static readonly ErrResponse Crypto = new(SmpError.Crypto);
    private static readonly ErrResponse Syntax = new(CmdError.Syntax);
    private static readonly ErrResponse BlockError = new(SmpError.Block);

    /// <summary>The command within, or the answer to the <c>RFWD</c> when there is none.</summary>
    /// <param name="correlationId">Of the <c>RFWD</c>.</param>
    /// <param name="command">Its encrypted part lies in the block's buffer and is decrypted there.</param>
    public CommandSlot Read(in EntityId correlationId, RfwdCommand command)
    {
        if (session.Proxy is not { } proxy)
        {
            return Refused(correlationId, NoAuth);
        }

        Span<byte> nonce = stackalloc byte[SecretBox.NonceLength];
        ForwardingNonce.OfCommand(correlationId, nonce);
        if (!ProxyLayer.TryOpen(proxy.Key, nonce, MemoryMarshal.AsMemory(command.Encrypted), out Memory<byte> opened))
        {
            return Refused(correlationId, Crypto);
        }

        if (ProxyLayer.ReadCommand(opened) is not { } forwarded)
        {
            return Refused(correlationId, Syntax);
        }

        ForwardingNonce.OfCommand(forwarded.CorrelationId, nonce);
        if (!session.TryAgree(forwarded.CommandKey, out BoxKey secret)
            || !ClientLayer.TryOpen(secret, nonce, forwarded.Encrypted, out Memory<byte> batch))
        {
            return Refused(correlationId, Crypto);
        }

        TransmissionFormat format = session.Format.Forwarded(forwarded.Version);
        var context = new Forwarded(proxy, correlationId, forwarded, format, secret, session.AuthorisationOf(format));
        secret.Clear();
        return ReadBatch(context, format, batch);
    }

    /// <summary>One transmission is a command; several are refused; what is none is the command's own error, as any.</summary>
    private static CommandSlot ReadBatch(Forwarded context, TransmissionFormat format, Memory<byte> batch)
    {
        if (!TransmissionReader.TryOpen(format, batch, out TransmissionReader reader))
        {
            return CommandReader.Malformed(context);
        }

        if (reader.Count != 1)
        {
            context.Dispose();
            return Refused(context.RfwdCorrelationId, BlockError);
        }

        reader.TryRead(out Transmission transmission);
        return CommandReader.Read(transmission, context.Version, context);
    }

    private static CommandSlot Refused(in EntityId correlationId, ErrResponse error) =>
        new() { State = SlotState.Done, CorrelationId = correlationId, Response = error };
}
