using System.Collections.Immutable;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Smp.Commands;

/// <summary><c>NEW</c>: creates a queue (S-145, S-171 to S-175).</summary>
/// <param name="RecipientKey">Authorises this and all later recipient commands.</param>
/// <param name="RecipientDhKey">X25519; the router's half comes back in <c>IDS</c>.</param>
/// <param name="BasicAuth">Password of the router, if the client has one.</param>
/// <param name="Subscribe">True for <c>S</c>, false for <c>C</c> (S-171).</param>
/// <param name="Mode">Absent when a client below v9 did not say (S-173).</param>
/// <param name="Link">Short-link data to store with the queue.</param>
/// <param name="Notifier">Notification credentials to create with the queue (v17).</param>
public sealed record NewCommand(
    PublicKey RecipientKey,
    PublicKey RecipientDhKey,
    string? BasicAuth,
    bool Subscribe,
    QueueMode? Mode,
    NewQueueLink? Link,
    NewNotifier? Notifier) : SmpCommand
{
    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.NEW;
}

/// <summary>Link part of <c>NEW</c> (S-172).</summary>
/// <param name="LinkId">Chosen by the client for contact queues, null for messaging queues.</param>
/// <param name="SenderId">First 24 bytes of SHA3-384 of the correlation id (S-229).</param>
/// <param name="Data">What the link resolves to.</param>
public sealed record NewQueueLink(EntityId? LinkId, EntityId SenderId, LinkData Data);

/// <summary>Notification part of <c>NEW</c> (S-145, v17).</summary>
public sealed record NewNotifier(PublicKey NotifierKey, PublicKey DhKey);

/// <summary><c>SUB</c>: subscribes this connection to a queue (S-146).</summary>
public sealed record SubCommand : SmpCommand
{
    /// <summary>The only value.</summary>
    public static SubCommand Instance { get; } = new();

    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.SUB;
}

/// <summary><c>KEY</c>: the recipient sets the sender's key (S-148).</summary>
public sealed record KeyCommand(PublicKey SenderKey) : SmpCommand
{
    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.KEY;
}

/// <summary><c>RKEY</c>: replaces the recipient keys of a contact queue; 1 to 255 keys (S-149).</summary>
public sealed record RkeyCommand(ImmutableArray<PublicKey> RecipientKeys) : SmpCommand
{
    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.RKEY;
}

/// <summary><c>LSET</c>: stores link data (S-150).</summary>
public sealed record LsetCommand(EntityId LinkId, LinkData Data) : SmpCommand
{
    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.LSET;
}

/// <summary><c>LDEL</c>: deletes link data (S-151).</summary>
public sealed record LdelCommand : SmpCommand
{
    /// <summary>The only value.</summary>
    public static LdelCommand Instance { get; } = new();

    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.LDEL;
}

/// <summary><c>NKEY</c>: creates notifier credentials (S-152).</summary>
public sealed record NkeyCommand(PublicKey NotifierKey, PublicKey DhKey) : SmpCommand
{
    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.NKEY;
}

/// <summary><c>NDEL</c>: deletes notifier credentials (S-153).</summary>
public sealed record NdelCommand : SmpCommand
{
    /// <summary>The only value.</summary>
    public static NdelCommand Instance { get; } = new();

    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.NDEL;
}

/// <summary><c>GET</c>: asks for one message without subscribing (S-154).</summary>
public sealed record GetCommand : SmpCommand
{
    /// <summary>The only value.</summary>
    public static GetCommand Instance { get; } = new();

    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.GET;
}

/// <summary><c>ACK</c>: acknowledges a delivered message; the id may be empty (S-155).</summary>
public sealed record AckCommand(EntityId MessageId) : SmpCommand
{
    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.ACK;
}

/// <summary><c>OFF</c>: suspends a queue (S-156).</summary>
public sealed record OffCommand : SmpCommand
{
    /// <summary>The only value.</summary>
    public static OffCommand Instance { get; } = new();

    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.OFF;
}

/// <summary><c>DEL</c>: deletes a queue (S-157).</summary>
public sealed record DelCommand : SmpCommand
{
    /// <summary>The only value.</summary>
    public static DelCommand Instance { get; } = new();

    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.DEL;
}

/// <summary><c>QUE</c>: asks for information about a queue (S-158).</summary>
public sealed record QueCommand : SmpCommand
{
    /// <summary>The only value.</summary>
    public static QueCommand Instance { get; } = new();

    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.QUE;
}
