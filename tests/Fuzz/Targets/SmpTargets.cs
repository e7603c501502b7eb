using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Fuzz.Targets;

/// <summary>Commands as a router reads them.</summary>
internal sealed class CommandTarget() : FuzzTarget("command", Fuzz.Recordings.OfCommands("commands"))
{
    public override void Run(byte[] input)
    {
        (ushort version, ReadOnlyMemory<byte> command) = SplitVersion(input);
        _ = SmpCommandParser.TryParse(command, version, out _, out _);
    }
}

/// <summary>Responses and events as a client reads them.</summary>
internal sealed class ResponseTarget() : FuzzTarget("response", Fuzz.Recordings.OfCommands("responses"))
{
    public override void Run(byte[] input)
    {
        (ushort version, ReadOnlyMemory<byte> response) = SplitVersion(input);
        _ = SmpResponseParser.TryParse(response, version, out _);
    }
}

/// <summary>Bodies and notifications as a recipient reads them.</summary>
internal sealed class MessageBodyTarget() : FuzzTarget("message-body", Fuzz.Recordings.OfTransport("message_bodies", "plain"))
{
    private readonly BoxKey _key = new(new byte[BoxKey.Length]);

    public override void Run(byte[] input)
    {
        _ = MessageBody.TryParse(input);
        _ = MessageBody.TryDecrypt((byte[])[.. input], _key, input);
        _ = NotificationMeta.TryDecrypt([.. input], _key, new byte[SecretBox.NonceLength], out _, out _);
    }
}
