using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Smp.Commands;

/// <summary>How many queues a service expects and the XOR of MD5 of their ids; sent from v19 (S-147, S-321).</summary>
/// <param name="Count">-1 when the client is too old to say.</param>
/// <param name="IdsHash">16 bytes.</param>
public sealed record ServiceQueues(long Count, EntityId IdsHash)
{
    /// <summary>The hash of no queues.</summary>
    public static EntityId EmptyHash { get; } = new(new byte[SmpSizes.IdsHashBytes]);

    /// <summary>What a client below v19 is taken to have said.</summary>
    public static ServiceQueues Unknown { get; } = new(-1, EmptyHash);
}

/// <summary><c>SUBS</c>: subscribes a service to all its queues (S-147).</summary>
public sealed record SubsCommand(ServiceQueues Expected) : SmpCommand
{
    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.SUBS;
}

/// <summary><c>NSUBS</c>: subscribes a notification service to all its queues (S-165).</summary>
public sealed record NsubsCommand(ServiceQueues Expected) : SmpCommand
{
    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.NSUBS;
}
