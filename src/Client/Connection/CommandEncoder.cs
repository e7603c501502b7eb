using System.Buffers;
using System.Security.Cryptography;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Client.Connection;

/// <summary>Turns commands into transmissions, on the caller's thread, so that authorisation runs in parallel.</summary>
internal sealed class CommandEncoder(SmpConnection connection)
{
    /// <summary>What surrounds a command: the longest authorization, session id, ids and their lengths.</summary>
    private const int HeadBytes = 1024;

    /// <summary>Commands of keys and ids.</summary>
    private const int SmallCommandBytes = 512;

    /// <summary>Encodes and authorises a command.</summary>
    /// <param name="command">What to send.</param>
    /// <param name="correlationId">Not used before in this session.</param>
    /// <param name="outgoing">For the outbox; to be given back.</param>
    /// <returns>Null, or why the command cannot be sent; there is nothing to give back then.</returns>
    public SmpFailure? Encode(in CommandToSend command, in EntityId correlationId, out Outgoing outgoing)
    {
        outgoing = default;
        CommandKey? key = command.Key is null ? null : connection.Prepare(command.Key);
        if (key is null && command.Key is not null)
        {
            return new VersionTooLow(command.Command.Tag, SmpVersion.CommandAuthenticators);
        }

        int size = MaxSizeOf(command.Command);
        byte[] parameters = ArrayPool<byte>.Shared.Rent(size);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(HeadBytes + size);
        var commandWriter = new WireWriter(parameters);
        SmpCommandWriter.Write(ref commandWriter, command.Command, connection.Version);
        var writer = new WireWriter(buffer);
        TransmissionWriter.WriteCommand(ref writer, connection.Format, correlationId, command.Entity, commandWriter.Written, key, SignerOf(command.Command));
        CryptographicOperations.ZeroMemory(parameters.AsSpan(0, commandWriter.Length));
        ArrayPool<byte>.Shared.Return(parameters);
        var encoded = new Outgoing(buffer, writer.Length, command.Entity);
        if (commandWriter.Overflowed || 1 + sizeof(ushort) + writer.Length > connection.Encoder.MaxContent)
        {
            encoded.GiveBack();
            return new CommandTooLarge(command.Command.Tag);
        }

        outgoing = encoded;
        return null;
    }

    /// <summary>What makes queues belong to a service is signed by it too (S-135).</summary>
    private ServiceSigner? SignerOf(SmpCommand command) =>
        command is NewCommand or SubCommand or NsubCommand ? connection.Service?.Signer : null;

    private static int MaxSizeOf(SmpCommand command) => command switch
    {
        SendCommand send => SmallCommandBytes + send.Body.Length,
        RkeyCommand or LsetCommand or PrxyCommand or PfwdCommand or RfwdCommand or NewCommand { Link: not null } => 2 * Block.Length,
        _ => SmallCommandBytes,
    };
}
