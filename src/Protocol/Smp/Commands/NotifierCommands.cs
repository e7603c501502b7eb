namespace SimplexActors.Protocol.Smp.Commands;

/// <summary><c>NSUB</c>: subscribes this connection to the notifications of a queue (S-164).</summary>
public sealed record NsubCommand : SmpCommand
{
    /// <summary>The only value.</summary>
    public static NsubCommand Instance { get; } = new();

    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.NSUB;
}
