using System.Security.Cryptography;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Fuzz.Targets;

/// <summary>The whole way of a block's content: transmissions, authorization, commands and responses.</summary>
internal sealed class TransmissionTarget() : FuzzTarget("transmission", Fuzz.Recordings.Blocks())
{
    private static readonly byte[] SessionId = [.. Enumerable.Repeat((byte)0x22, SHA256.HashSizeInBytes)];

    private readonly PrivateKey _sessionKey = PrivateKey.FromRaw(KeyAlgorithm.X25519, SessionId);

    public override void Run(byte[] input)
    {
        (ushort version, ReadOnlyMemory<byte> content) = SplitVersion(input);
        TransmissionFormat format = new(version, SessionId);
        if (!TransmissionReader.TryOpen(format, content, out TransmissionReader reader))
        {
            return;
        }

        var authorisation = new Authorisation(format, _sessionKey);
        bool judged = false;
        while (reader.TryRead(out Transmission transmission))
        {
            if (transmission.Fault is TransmissionFault.Malformed)
            {
                continue;
            }

            _ = transmission.CorrelationId;
            _ = transmission.EntityId;
            _ = SmpCommandParser.TryParse(transmission.Command, version, out _, out _);
            _ = SmpResponseParser.TryParse(transmission.Command, version, out _);
            if (!judged && transmission.Fault is TransmissionFault.None)
            {
                // One for each block: a verification takes as long as a thousand parses.
                _ = authorisation.Verify(transmission, [_sessionKey.Public]);
                _ = authorisation.VerifyService(transmission, _sessionKey.Public);
                judged = true;
            }
        }
    }
}
