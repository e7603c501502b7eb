using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Client;

/// <summary>What kind of queue to create; the default is a messaging queue that this connection subscribes to.</summary>
public sealed record NewQueue
{
    /// <summary>A messaging queue of one sender, or a contact address (S-172).</summary>
    public QueueMode Mode { get; init; } = QueueMode.Messaging;

    /// <summary>Subscribes the connection at once (S-171).</summary>
    public bool Subscribe { get; init; } = true;

    /// <summary>Authorises the owner's commands: Ed25519, Ed448 or, from v7, X25519. Null: a fresh Ed25519 key.</summary>
    public PrivateKey? Key { get; init; }

    /// <summary>X25519, agreed with the router's half to a secret for messages. Null: a fresh key.</summary>
    public PrivateKey? DhKey { get; init; }

    /// <summary>Password for creating queues; null: that of the router's address, if it has one.</summary>
    public string? Password { get; init; }

    /// <summary>Data of a short link to create with the queue (v15).</summary>
    public LinkData? Link { get; init; }

    /// <summary>Id of the link of a contact address, chosen by the client; messaging queues get theirs from the router.</summary>
    public EntityId? LinkId { get; init; }

    /// <summary>Creates notifications with the queue, authorised by this key (v17).</summary>
    public PrivateKey? NotifierKey { get; init; }
}

/// <summary>What a short link leads to.</summary>
/// <param name="Queue">The queue, as its sender uses it.</param>
/// <param name="Data">As its owner stored it.</param>
public sealed record ResolvedLink(SenderQueue Queue, LinkData Data)
{
    /// <summary>Of the router's answer.</summary>
    internal static ResolvedLink Of(LnkResponse link, PrivateKey? key) => new(new SenderQueue(link.SenderId, key), link.Data);
}
