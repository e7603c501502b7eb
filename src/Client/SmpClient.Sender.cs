using SimplexActors.Client.Connection;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Client;

/// <summary>What senders, and holders of short links, do.</summary>
public sealed partial class SmpClient
{
    /// <summary>
    /// <c>SEND</c>: leaves a message for the queue's owner. <c>QUOTA</c> when the queue is full, <c>AUTH</c> when it does not
    /// exist, is suspended or is secured with another key.
    /// </summary>
    /// <param name="queue">Where to.</param>
    /// <param name="body">Opaque; at most <see cref="MaxBodyBytes"/>. May be reused when the method returns.</param>
    /// <param name="notify">Asks for a notification of the owner.</param>
    /// <param name="cancellation">Ends the wait; the message may have been stored all the same.</param>
    public SmpCall<SmpResponse> SendAsync(
        SenderQueue queue, ReadOnlyMemory<byte> body, bool notify = false, CancellationToken cancellation = default) =>
        ExecuteAsync(new SendCommand(notify, body), queue.SenderId, queue.Key, cancellation);

    /// <summary>The largest message that the agreed version allows, in bytes (S-276).</summary>
    public int MaxBodyBytes => Protocol.Smp.SmpSizes.MaxBody(Version);

    /// <summary><c>SKEY</c>: the sender of a messaging queue secures it with the handle's key, before anybody else does.</summary>
    /// <exception cref="ArgumentException">The handle has no key.</exception>
    public SmpCall<SmpResponse> SecureAsync(SenderQueue queue, CancellationToken cancellation = default)
    {
        PrivateKey key = queue.Key ?? throw new ArgumentException("To secure a queue takes a key.", nameof(queue));
        return ExecuteAsync(new SkeyCommand(key.Public), queue.SenderId, key, cancellation);
    }

    /// <summary><c>LGET</c>: what the short link of a contact address leads to.</summary>
    public SmpCall<ResolvedLink> GetLinkAsync(EntityId linkId, CancellationToken cancellation = default) =>
        new(Convert<ResolvedLink>(new CommandToSend(LgetCommand.Instance, linkId), response => ResolvedLink.Of((LnkResponse)response, key: null), cancellation));

    /// <summary><c>LKEY</c>: secures a messaging queue by its short link, and returns what it leads to.</summary>
    /// <param name="linkId">Of the one-time link.</param>
    /// <param name="senderKey">Will authorise the sender; the returned handle owns it.</param>
    /// <param name="cancellation">Ends the wait; repeating the command with the same key is safe.</param>
    public SmpCall<ResolvedLink> SecureByLinkAsync(EntityId linkId, PrivateKey senderKey, CancellationToken cancellation = default) =>
        new(Convert<ResolvedLink>(
            new CommandToSend(new LkeyCommand(senderKey.Public), linkId, senderKey),
            response => ResolvedLink.Of((LnkResponse)response, senderKey),
            cancellation));
}
