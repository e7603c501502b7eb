namespace SimplexActors.Protocol.Smp;

/// <summary>Why an operator blocked a queue or file (S-215, S-368).</summary>
/// <param name="Reason">The reason that clients show.</param>
/// <param name="Notice">Sent from v18.</param>
public sealed record BlockingInfo(BlockingReason Reason, ClientNotice? Notice = null);

/// <summary>Reasons of blocking.</summary>
public enum BlockingReason : byte
{
    /// <summary><c>spam</c>.</summary>
    Spam = 1,

    /// <summary><c>content</c>.</summary>
    Content = 2,
}

/// <summary>Asks clients not to use the router for a time.</summary>
/// <param name="TtlSeconds">Null: for ever.</param>
public sealed record ClientNotice(long? TtlSeconds);
