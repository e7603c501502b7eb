using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Client.Tests.Fakes;

/// <summary>Handles without a router.</summary>
internal static class Samples
{
    public static byte[] Secret { get; } = [.. Enumerable.Range(0, BoxKey.Length).Select(i => (byte)i)];

    public static RecipientQueue Queue(KeyAlgorithm algorithm = KeyAlgorithm.Ed25519) => new(
        EntityId.Random(), EntityId.Random(), PrivateKey.Generate(algorithm), [.. Secret], QueueMode.Messaging, linkId: null);

    /// <summary>A message that <see cref="Queue"/> decrypts.</summary>
    public static MsgResponse Message(string body, EntityId? id = null)
    {
        EntityId messageId = id ?? EntityId.Random();
        byte[] encrypted = new byte[SmpSizes.EncryptedBodyBytes];
        MessageBody.Encrypt(encrypted, new BoxKey(Secret), messageId.Bytes, 1_700_000_000, notify: true, System.Text.Encoding.UTF8.GetBytes(body));
        return new MsgResponse(messageId, encrypted);
    }

    public static string Text(this ReceivedMessage message) => System.Text.Encoding.UTF8.GetString(message.Body.Span);
}
