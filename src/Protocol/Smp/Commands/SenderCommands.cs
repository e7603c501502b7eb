using SimplexActors.Protocol.Crypto;

namespace SimplexActors.Protocol.Smp.Commands;

/// <summary><c>SKEY</c>: the sender secures a messaging queue (S-159).</summary>
public sealed record SkeyCommand(PublicKey SenderKey) : SmpCommand
{
    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.SKEY;
}

/// <summary><c>SEND</c>: a message for the queue (S-160).</summary>
/// <param name="Notify">Flag that asks for a notification.</param>
/// <param name="Body">Opaque; the limit depends on the version (S-276).</param>
public sealed record SendCommand(bool Notify, ReadOnlyMemory<byte> Body) : SmpCommand
{
    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.SEND;
}

/// <summary><c>LKEY</c>: secures a messaging queue by its link and returns the link data (S-162).</summary>
public sealed record LkeyCommand(PublicKey SenderKey) : SmpCommand
{
    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.LKEY;
}

/// <summary><c>LGET</c>: reads the link data of a contact queue (S-163).</summary>
public sealed record LgetCommand : SmpCommand
{
    /// <summary>The only value.</summary>
    public static LgetCommand Instance { get; } = new();

    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.LGET;
}

/// <summary><c>PING</c>: keeps the connection alive (S-161).</summary>
public sealed record PingCommand : SmpCommand
{
    /// <summary>The only value.</summary>
    public static PingCommand Instance { get; } = new();

    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.PING;
}
